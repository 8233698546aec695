"""Every door of the app and the permission that opens it: one list. A door that is missing fails the build.

A door is an endpoint, as in "matching.index", or an event of the live line, as in "socket:chat.say".
Behind a door the room itself may ask further: for a ticket or a secret where no log in is needed, or for a
name on a list, as who signs.
"""

_OPENED_BY = {
    "public": """
        people.sign_in people.send_link people.link_sent people.link people.use_link people.use_password
            people.ask_passkey people.use_passkey people.second_step people.give_code people.sign_out
            people.invitation people.accept people.demo people.enter_demo
        notify.service_worker notify.manifest notify.offline
        public.wijk public.poster public.robots
        capacity.tap capacity.reminder capacity.answer_reminder
        clients.information
        privacy.retention
        rota.feed rota.tap rota.asked rota.answer
        rota_switch.now rota_switch.now_text
    """,
    "account.use": """
        people.account people.save_account people.revoke_device people.revoke_others people.confirm
            people.give_confirmation people.confirm_by_passkey
        documents.paper documents.ask_passkey documents.sign
        notify.devices notify.subscribe notify.unsubscribe notify.unsubscribe_browser notify.test
            notify.post_box notify.one_mail
        socket:connect socket:about.watch
        guard.wrong
        matching.home
    """,
    "account.secure": """
        people.set_up people.ask_new_passkey people.new_passkey people.add_passkey people.rename_passkey
            people.remove_passkey people.authenticator people.set_authenticator
            people.remove_authenticator people.recovery_codes people.make_recovery_codes people.password
            people.set_password people.remove_password
    """,
    "people.manage": """
        people.organisation people.save_organisation people.papers people.save_papers people.members
            people.invite people.resend people.withdraw people.member people.set_roles people.deactivate
            people.reactivate people.reset_factors
    """,
    "directory.look": """
        directory.index directory.show_wijk
        agreements.show
    """,
    "directory.manage": """
        directory.teams directory.new_team directory.start_team directory.edit_team
            directory.change_team directory.stop_team directory.resume_team directory.contacts
            directory.appoint directory.end_contact directory.cancel_contact
    """,
    "capacity.look": """
        capacity.wijk
    """,
    "capacity.publish": """
        capacity.index capacity.confirm_all capacity.confirm capacity.set_full capacity.set_places
            capacity.edit capacity.save capacity.new capacity.create capacity.new_pause
            capacity.begin_pause capacity.end_pause capacity.story
    """,
    "matching.post": """
        search.show
        matching.new matching.post matching.reach matching.watch_for_place matching.stop_watching
            matching.move_start matching.split matching.widen matching.withdraw
    """,
    "matching.follow": """
        matching.index matching.index_list matching.show matching.standing matching.return_placement
    """,
    "matching.answer": """
        matching.today matching.today_cards matching.see matching.offer matching.decline
            matching.withdraw_offer matching.hand_over matching.start_care matching.close_care
    """,
    "agreements.change": """
        agreements.edit agreements.save
        documents.terms documents.set_terms
        rota.edit_terms rota.save_terms rota.edit_rules rota.save_rules
    """,
    "register.look": """
        register.index register.show register.points register.point register.gate register.parties
            register.check register.join register.plans
        documents.index documents.show documents.version documents.draft_pdf documents.draft_docx
            documents.pdf documents.word documents.signed_file
        region.evidence
    """,
    "register.manage": """
        register.new register.begin register.edit register.change register.grow register.go_back
            register.go_on register.say register.tick register.decide register.add_party register.leave
            register.judge register.add_risk register.drop_risk register.decide_application
            register.add_body register.drop_body register.seat register.seat_account register.unseat
            register.plan_evaluation register.evaluated register.add_escalation register.drop_escalation
            register.plan_exit
        documents.question documents.answer documents.offer documents.take_back
    """,
    "register.sign": """
        register.name_signatory register.drop_signatory register.signed register.told_payers
        documents.signers documents.name_signer documents.drop_signer
    """,
    "register.join": """
        register.apply register.appeal
    """,
    "matching.choose": """
        matching.choose_offer matching.choose matching.keep_open
    """,
    "rota.look": """
        rota.index rota.now rota.terms
    """,
    "rota.read": """
        rota.this_week rota.week rota.month rota.listing rota.duty rota.swaps rota.swap rota.ask
            rota.ask_swap rota.withdraw_swap rota.undo_take_over rota.tonight rota.tonight_pdf
            rota.addresses rota.make_address rota.revoke_address rota.plan_for_me rota.changes
    """,
    "rota.take": """
        rota.take_swap rota.decline_swap rota.take_over rota.take_open rota.available rota.add_absence
            rota.drop_absence rota.add_wish rota.drop_wish rota.import_busy rota.forget_busy rota.come
            rota.leave rota.stand_in rota.reached rota.rung rota.settle rota.drop_call rota.handed_over
            rota.hand_over rota.confirm_handover
    """,
    "rota.plan": """
        rota.approve_swap rota.refuse_swap rota.people rota.new_person rota.add_person rota.person
            rota.save_person rota.plans rota.make_plan rota.plan rota.plan_progress rota.plan_fairness
            rota.bring_in_rota rota.plan_again rota.stop_planning rota.take_proposal rota.drop_proposal
            rota.ask_proposal rota.falling_out rota.fall_out rota.publishing rota.publish_plan
            rota.throw_plan_away rota.plan_duty rota.put_in_duty rota.lock_duty rota.ask_for_duty
            rota.may_have rota.add_absence_for rota.drop_absence_for
    """,
    "oversight.look": """
        oversight.index oversight.fairness oversight.work oversight.proposal
    """,
    "oversight.act": """
        oversight.record_outside oversight.accept
    """,
    "oversight.own": """
        oversight.own
    """,
    "oversight.view": """
        region.index region.trend region.csv_wijken region.csv_weeks region.xlsx region.pdf region.wijk
            region.report region.signals
    """,
    "oversight.looks": """
        region.who_looked
    """,
    "oversight.invite": """
        region.invite region.invite_new region.end_looking
    """,
    "clients.use": """
        clients.index clients.index_list clients.show clients.standing clients.look
            clients.write_identity clients.write_handover clients.add_appointment
            clients.cancel_appointment clients.add_report clients.ask clients.record_consent
            clients.refuse clients.record_objection clients.lift clients.withdraw clients.erase
            clients.review
        privacy.access_log privacy.access_log_pdf privacy.rights privacy.export_json privacy.export_pdf
    """,
    "clients.emergency": """
        clients.emergency clients.break_glass
    """,
    "privacy.oversee": """
        privacy.index privacy.review privacy.mark privacy.breaches privacy.new_breach
            privacy.write_breach privacy.breach privacy.change_breach privacy.breach_reported
            privacy.breach_people_told privacy.close_breach privacy.register privacy.dpia
            privacy.register_pdf privacy.dpia_pdf
    """,
    "chat.use": """
        socket:chat.open socket:chat.say socket:chat.since socket:chat.read socket:chat.acknowledge
        chat.index chat.index_list chat.unread chat.search chat.show chat.earlier chat.since chat.say
            chat.edit chat.delete chat.acknowledge chat.read chat.contact chat.export
    """,
}

DOORS: dict[str, str] = {
    door: permission for permission, doors in _OPENED_BY.items() for door in doors.split()
}
