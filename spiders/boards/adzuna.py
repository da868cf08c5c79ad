"""Adzuna: an aggregator with a key; its boards are countries, and some of its salaries are guesses of a model."""

from spiders.bases import ByPath, Joined, JsonApi, Pay

KEYS = "app_id={@ROLECALL_ADZUNA_APP_ID}&app_key={@ROLECALL_ADZUNA_APP_KEY}"


class Adzuna(JsonApi):
    listing = f"https://api.adzuna.com/v1/api/jobs/{{@board}}/search/1?{KEYS}&results_per_page=50&category=it-jobs&what=backend&max_days_old=7"
    catalogues = ("gb", "us", "de", "nl", "ca", "au")
    paging = ByPath(most=10)
    records = "results"
    url = "redirect_url"
    company = "company.display_name"
    location = ("location.display_name", Joined("location.area", by=", "))
    posted = "created"
    pay = Pay("salary_min", "salary_max")
    salary_predicted = "salary_is_predicted"
    employment_type = ("contract_time", "contract_type")
    department = "category.label"
