from django.urls import include, path

from classroom.views import class_page, classes, invitations, kept_out, member_list, members, next_year

app_name = "classroom"

# /classes/<public_id>/, continued in joins/urls.py
class_urls = [
    path("", class_page.class_page, name="class_page"),
    path("edit/", classes.edit_class, name="edit_class"),
    path("note/", classes.change_note, name="change_note"),
    path("archive/", classes.archive_class, name="archive_class"),
    path("restore/", classes.restore_class, name="restore_class"),
    path("delete/", classes.delete_class, name="delete_class"),
    path("copy/", next_year.copy_class, name="copy_class"),
    path("leave/", classes.leave_class, name="leave_class"),
    path("transfer/", classes.transfer_class, name="transfer_class"),
    path("members/", member_list.members, name="members"),
    path("members/print/", member_list.print_members, name="print_members"),
    path("members/remove/", members.remove_members, name="remove_members"),
    path("members/undo-removal/", members.undo_removal, name="undo_removal"),
    path("members/<str:username>/remove/", members.remove_member, name="remove_member"),
    path("members/<str:username>/co-teacher/", members.make_co_teacher, name="make_co_teacher"),
    path("members/<str:username>/member/", members.make_member, name="make_member"),
    path("members/export/", members.export_roster, name="export_roster"),
    path("invite/", invitations.invite_co_teacher, name="invite_co_teacher"),
    path("invite/<int:invitation_id>/cancel/", invitations.cancel_invitation, name="cancel_invitation"),
    path("kept-out/", kept_out.kept_out, name="kept_out"),
    path("kept-out/<str:username>/let-back/", kept_out.let_back, name="let_back"),
]

# /
urlpatterns = [
    path("classes/new/", classes.new_class, name="new_class"),
    path("classes/archive/", next_year.archive_several, name="archive_several"),
    path("invitations/<str:secret>/", invitations.invitation, name="invitation"),
    path("classes/<str:public_id>/", include(class_urls)),
]
