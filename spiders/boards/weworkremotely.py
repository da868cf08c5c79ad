"""We Work Remotely: the feeds of the three categories with server-side work."""

from spiders.bases import Feed


class WeWorkRemotely(Feed):
    listing = (
        "https://weworkremotely.com/categories/remote-back-end-programming-jobs.rss",
        "https://weworkremotely.com/categories/remote-full-stack-programming-jobs.rss",
        "https://weworkremotely.com/categories/remote-devops-sysadmin-jobs.rss",
    )
    location = ("region", "country", "state")
    applicant_regions = "country"
    valid_through = "expires_at"
    employment_type = "type"
    department = "category"
    tags = "skills"
