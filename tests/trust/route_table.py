"""Who may use which route: one table for every endpoint and method, written beside the policy, not from it.

Each paragraph names who passes the door and lists the endpoints behind it, with `GET`, `POST` or both. Everybody else
is sent to sign in (strangers), asked to confirm the address (not yet verified) or told that there is no such page.

anyone           also strangers                             link       whoever holds the secret; a wrong one is dead
letter           whoever holds the link that was mailed     doorstep   whoever just gave the right password
signed-in        any account                                demo       nobody here: pages of the demo mode only
verified         any account with a confirmed address       person     the one person that the row was made for
candidate        the person whose profile is in the address
team             members of the organization in the address; team-owner: its owners; likewise employer, employer-owner,
                 provider, workforce, where the organization must be of that kind
no-operator      any account but those that must keep a second factor
operator         operators of the hub in the address, with their second factor
"""

TABLE: dict[str, str] = {
    "anyone": """
        account.reset_ask GET POST; account.reset_sent GET; account.sign_in GET POST;
        account.sign_out POST; account.sign_up GET POST; account.sign_up_sent GET;
        health.healthz GET; health.readyz GET;
        public.accessibility GET; public.audit GET; public.favicon GET; public.headline GET; public.home GET;
        public.how_matching_works GET; public.hub_home GET; public.hubs GET; public.language GET;
        public.partner_show GET; public.partners GET; public.privacy GET; public.program_show GET; public.programs GET;
        public.robots GET; public.role_show GET; public.roles GET; public.roles_feed GET; public.sitemap GET;
        public.sources GET; public.suggest GET;
        static GET
    """,
    "link": """
        account.address_confirm GET POST; account.invitation GET POST; account.reset GET POST; account.verify GET POST
    """,
    "letter": """
        checks.answer GET POST
    """,
    "doorstep": """
        account.second_factor GET POST
    """,
    "demo": """
        account.demo GET; account.demo_sign_in POST; account.letter GET; account.letter_page GET; account.mailbox GET;
        public.components GET
    """,
    "signed-in": """
        account.address GET POST; account.close GET POST; account.data GET; account.data_download GET;
        account.details GET POST;
        account.home GET; account.notice_read POST; account.notices GET; account.notices_read POST;
        account.password GET POST; account.second_factor_begin POST; account.second_factor_keys POST;
        account.second_factor_set_up GET POST; account.security GET;
        account.sessions_revoke_others POST; account.verify_again POST; account.verify_wait GET;
        hub.mine GET
    """,
    "no-operator": """
        account.second_factor_off POST
    """,
    "person": """
        account.session_revoke POST
    """,
    "verified": """
        account.organization_new GET POST;
        candidate.look_here GET; candidate.mine GET; candidate.role_here GET; candidate.start GET POST;
        public.propose GET POST
    """,
    "candidate": """
        candidate.application GET; candidate.application_accept POST; candidate.application_cancel POST;
        candidate.application_decline POST; candidate.application_step POST; candidate.application_time POST;
        candidate.applications GET; candidate.apply GET POST; candidate.check GET POST; candidate.consent POST;
        candidate.evidence_add GET POST; candidate.evidence_remove POST; candidate.exclude POST;
        candidate.experience_add GET POST; candidate.experience_edit GET POST; candidate.experience_remove POST;
        candidate.include POST; candidate.look_step POST; candidate.looks GET POST;
        candidate.matches GET; candidate.placement GET; candidate.privacy GET;
        candidate.profile GET; candidate.profile_step POST; candidate.profile_words GET POST;
        candidate.program_step POST; candidate.programs GET; candidate.questions GET POST;
        candidate.resume GET POST; candidate.resume_discard POST; candidate.resume_review GET POST; candidate.role GET;
        candidate.role_save POST; candidate.skill GET POST; candidate.skill_add GET POST; candidate.skill_remove POST;
        candidate.skills GET; candidate.today GET; candidate.who_saw GET; candidate.wishes GET POST
    """,
    "team": """
        account.organization_edit GET POST; account.team GET; account.team_leave POST
    """,
    "team-owner": """
        account.invitation_revoke POST; account.team_invite POST; account.team_remove POST; account.team_role POST
    """,
    "employer": """
        employer.application_no GET POST; employer.application_note POST; employer.application_show GET;
        employer.application_step POST; employer.applications GET; employer.candidate_invite POST;
        employer.candidate_show GET; employer.check_answer GET POST; employer.commitment_show GET;
        employer.commitments GET; employer.interview_new GET POST; employer.interview_step POST;
        employer.join_edit GET POST; employer.joining GET; employer.matches GET; employer.offer_new GET POST;
        employer.offer_take_back GET POST; employer.placement_end GET POST; employer.placement_show GET;
        employer.placement_start GET POST; employer.placements GET; employer.role_edit GET POST;
        employer.role_new GET POST; employer.role_paste GET POST; employer.role_paste_discard POST;
        employer.role_paste_review GET POST; employer.role_preview GET; employer.role_show GET; employer.role_step POST;
        employer.roles GET; employer.today GET
    """,
    "employer-owner": """
        employer.commitment_new GET POST; employer.commitment_renew GET POST; employer.join_step POST
    """,
    "provider": """
        provider.cohort_edit GET POST; provider.cohort_new GET POST; provider.cohort_show GET;
        provider.completions GET POST; provider.demand GET; provider.endorse_assessed POST;
        provider.endorsement_revoke POST; provider.endorsements GET POST; provider.enrollment_show GET;
        provider.enrollment_step POST; provider.invitation_step POST; provider.invite GET POST; provider.outcomes GET;
        provider.program_edit GET POST; provider.program_new GET POST; provider.program_show GET;
        provider.program_step POST; provider.programs GET; provider.today GET; provider.words GET
    """,
    "workforce": """
        workforce.invitation_step POST; workforce.invite GET POST; workforce.people GET; workforce.person_show GET;
        workforce.today GET
    """,
    "operator": """
        hub.answers GET; hub.commitment_show GET; hub.commitment_step POST; hub.commitments GET; hub.goal_set POST;
        hub.headline GET; hub.lab GET; hub.lab_audit POST; hub.lab_groups GET; hub.lab_model GET; hub.lab_models GET;
        hub.lab_step POST; hub.look_answer GET POST; hub.looks_asked GET;
        hub.occupation_default POST; hub.occupation_show GET POST; hub.occupations GET;
        hub.partner_show GET; hub.partner_step POST; hub.partners GET; hub.placement_show GET POST; hub.placements GET;
        hub.policy GET; hub.review_show GET POST; hub.reviews GET; hub.snapshot_publish POST; hub.today GET;
        hub.trail GET; hub.trail_verify POST; hub.word_answer GET POST; hub.word_forget POST; hub.words GET
    """,
}


def rows() -> dict[tuple[str, str], str]:
    """(endpoint, method) -> who passes."""
    found: dict[tuple[str, str], str] = {}
    for who, lines in TABLE.items():
        for line in lines.split(";"):
            endpoint, *methods = line.split()
            for method in methods:
                if (endpoint, method) in found:
                    raise ValueError(f"{endpoint} {method} is in the table twice")
                found[endpoint, method] = who
    return found
