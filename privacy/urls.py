from django.urls import path

from accounts.second_press import once
from privacy import views

app_name = "privacy"

urlpatterns = [
    path("privacy/", views.what_is_kept, name="what_is_kept"),
    path("accounts/data/", views.my_data, name="my_data"),
    path("accounts/data/download/", views.download_data, name="download_data"),
    path("accounts/data/delete/", once(views.delete_account, atomic=False), name="delete_account"),
]
