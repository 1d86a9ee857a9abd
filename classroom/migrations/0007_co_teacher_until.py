from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('classroom', '0006_co_teacher_invitation'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='co_teacher_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='membership',
            name='co_teacher_warned_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('open_class', 'created the class'), ('edit_class', 'edited the class'), ('change_note', 'changed the note'), ('keep_list', 'kept a class list'), ('forget_list', 'deleted the class list'), ('make_slips', 'made slips for the class list'), ('cancel_slips', 'cancelled slips'), ('archive_class', 'archived the class'), ('restore_class', 'restored the class'), ('transfer_class', 'handed the class over to'), ('make_co_teacher', 'gave co-teacher rights to'), ('invite_co_teacher', 'invited a co-teacher by email'), ('cancel_invitation', 'cancelled an invitation by email'), ('accept_invitation', 'became co-teacher by an invitation'), ('make_member', 'took co-teacher rights from'), ('end_co_teacher', 'The co-teacher rights ended for'), ('set_aside', 'moved to the queue:'), ('remove_member', 'removed'), ('keep_out', 'blocked'), ('let_back', 'unblocked'), ('change_name', 'changed their name'), ('correct_name', 'corrected the name of'), ('fold_account', 'put together two accounts of'), ('undo_fold', 'took apart the two accounts of'), ('give_password', 'gave a one-time password to'), ('export_roster', 'exported the member list'), ('leave_class', 'left the class'), ('lock_code', 'locked the Code'), ('lock_code_at', 'chose when the Code locks'), ('lock_crowded_code', 'The Code locked because more people joined than expected'), ('lock_all_codes', 'The administrator of this site locked every Code'), ('report_leak', 'reported that the Code had leaked'), ('unlock_code', 'unlocked the Code'), ('reset_code', 'reset the Code'), ('pause_join_url', 'paused the Join URL'), ('resume_join_url', 'resumed the Join URL'), ('join', 'joined'), ('ask', 'asked to join'), ('approve_request', 'let in'), ('deny_request', 'said no to'), ('undo_approval', 'undid letting in'), ('undo_denial', 'undid saying no to'), ('withdraw_request', 'cancelled the request')], max_length=20, verbose_name='act'),
        ),
        migrations.AddIndex(
            model_name='membership',
            index=models.Index(condition=models.Q(('co_teacher_until__isnull', False)), fields=['co_teacher_until'], name='co_teachers_to_end'),
        ),
    ]
