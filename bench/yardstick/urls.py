from django.urls import path

from bench.yardstick import views

urlpatterns = [
    path("join/", views.join),
    path("bare/join/", views.join_in_bare_sql),
    path("j/<str:key>/", views.ask),
    path("classes/<str:public_id>/", views.class_page),
    path("classes/<str:public_id>/requests/", views.queue),
    path("classes/<str:public_id>/requests/decide/", views.decide),
    path("accounts/login/", views.log_in),
    path("accounts/signup/student/", views.sign_up),
]
