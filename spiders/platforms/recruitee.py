"""Recruitee: the offers of each company's career site, one answer with everything."""

from spiders.bases import Joined, JsonApi, Places


class Recruitee(JsonApi):
    listing = "https://{@board}.recruitee.com/api/offers/"
    board_form = r"//(?!www\.)(?P<board>[\w-]+)\.recruitee\.com"
    records = "offers"
    detail_at = "offer"
    listed = ("status", "published")
    external_id = "id"
    url = "careers_url"
    apply_url = "careers_apply_url"
    title = "title"
    company = "company_name"
    location = (Places("locations[]", "city", "state", "country"), "location")
    description = Joined("description", "requirements")
    posted = ("published_at", "created_at")
    updated = "updated_at"
    valid_through = "close_at"
    salary_min = ("salary.min", "salary_min")
    salary_max = ("salary.max", "salary_max")
    salary_currency = ("salary.currency", "salary_currency")
    salary_period = ("salary.period", "salary_period")
    employment_type = "employment_type_code"
    seniority = "experience_code"
    department = "department"
    tags = "tags"
    known = (
        "category_code city country country_code state_code state_name postal_code location cover_image created_at"
        " dynamic_fields education_code guid highlight hybrid location_question_visible locations_question"
        " locations_question_required locations_question_type mailbox_email max_hours max_hours_per_week min_hours"
        " min_hours_per_week on_site open_questions options_cover_letter options_cv options_phone options_photo"
        " options_salutation options_title position remote sharing_description sharing_image sharing_title slug"
        " translations"
    )

    def read_one(self, said: dict[str, object], record: dict[str, object]) -> dict[str, object]:
        # three flags, of which several may be true: the way of working that leaves most freedom is the one offered
        ways = [way for way in ("remote", "hybrid", "on_site") if record.get(way) is True]
        return {**said, "remote": ways[0]} if ways else said
