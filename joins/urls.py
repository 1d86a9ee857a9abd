from django.urls import include, path

from joins.views import (
    arrivals,
    board,
    class_list,
    code,
    correct_name,
    fold_account,
    help,
    home,
    join,
    join_url,
    leak,
    move_members_to_queue,
    password,
    poll,
    queue,
    slips,
    today,
    undo,
)

app_name = "joins"

# /classes/<public_id>/, after those in classroom/urls.py
class_urls = [
    path("code/lock/", code.lock_code, name="lock_code"),
    path("code/lock-at/", code.lock_code_at, name="lock_code_at"),
    path("code/unlock/", code.unlock_code, name="unlock_code"),
    path("code/reset/", code.reset_code, name="reset_code"),
    path("code/leaked/", leak.report_leak, name="report_leak"),
    path("join-url/pause/", join_url.pause_join_url, name="pause_join_url"),
    path("join-url/resume/", join_url.resume_join_url, name="resume_join_url"),
    path("board/", board.board, name="board"),
    path("board/count/", board.board_count, name="board_count"),
    path("handout/", board.handout, name="handout"),
    path("history/", code.history, name="history"),
    path("arrivals/", arrivals.arrivals, name="arrivals"),
    path("requests/", queue.queue, name="queue"),
    path("requests/decide/", queue.decide, name="decide"),
    path("requests/say-no/", queue.say_no, name="say_no"),
    path("requests/decided/", undo.decided, name="decided"),
    path("requests/undo/", undo.undo_decisions, name="undo_decisions"),
    path("list/", class_list.class_list, name="class_list"),
    path("slips/", slips.slips, name="slips"),
    path("slips/log-in/", slips.log_in_slips, name="log_in_slips"),
    path("today/", today.today, name="today"),
    path("members/move-to-queue/", move_members_to_queue.move_members_to_queue, name="move_members_to_queue"),
    path("members/<str:username>/move-to-queue/", today.move_to_queue, name="move_to_queue"),
    path("members/<str:username>/fold/", fold_account.fold_account, name="fold_account"),
    path("members/<str:username>/fold/undo/", fold_account.undo_fold, name="undo_fold"),
    path("members/<str:username>/name/", correct_name.correct_name, name="correct_name"),
    path("members/<str:username>/password/", password.give_password, name="give_password"),
]

# /
urlpatterns = [
    path("", home.home, name="home"),
    path("waiting/", poll.poll, name="poll"),  # where pages of the previous release ask
    path("help/", help.show_help, name="help"),
    path("first-steps/hide/", home.hide_first_steps, name="hide_first_steps"),
    path("join/", join.join, name="join"),
    path("join/forget/", join.forget_wish, name="forget_wish"),
    path("j/<str:key>/", join_url.join_url, name="join_url"),
    path("accounts/signup/student/", join.SignUpStudentView.as_view(), name="sign_up_student"),
    path("requests/<int:request_id>/withdraw/", home.withdraw_request, name="withdraw_request"),
    path("requests/<int:request_id>/undo/", undo.undo_decision, name="undo_decision"),
    path("requests/<int:request_id>/let-in/", undo.let_in_after_all, name="let_in_after_all"),
    path("classes/<str:public_id>/", include(class_urls)),
]
