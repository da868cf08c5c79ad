"""A marimo notebook over the exports: no network. ``marimo edit docs/notebook.py``, or ``python docs/notebook.py``.

It reads ``jobs.parquet`` in the folder that ROLECALL_EXPORTS names (default: the current one).
"""

import marimo

app = marimo.App(width="medium", app_title="Rolecall: the market")


@app.cell
def _():
    import os
    from pathlib import Path

    import altair as alt
    import marimo as mo
    import polars as pl

    return Path, alt, mo, os, pl


@app.cell
def _(mo):
    mo.md(
        """
        # Back-end jobs

        Counts are of unique, open jobs. Make the file first: `rolecall export jobs --format parquet --out jobs.parquet`
        """
    )
    return


@app.cell
def _(Path, mo, os, pl):
    file = Path(os.environ.get("ROLECALL_EXPORTS", ".")) / "jobs.parquet"
    mo.stop(
        not file.is_file(),
        mo.md(f"**{file} is not here.** Make it as said above, or name its folder in ROLECALL_EXPORTS."),
    )
    jobs = pl.read_parquet(file).filter(pl.col("state") == "open")
    return (jobs,)


@app.cell
def _(jobs, mo):
    roles = mo.ui.multiselect(
        options=sorted(jobs["role"].unique().to_list()),
        value=[role for role in ("backend-developer", "backend-architect") if role in jobs["role"]],
        label="roles",
    )
    roles
    return (roles,)


@app.cell
def _(jobs, pl, roles):
    chosen = jobs.filter(pl.col("role").is_in(roles.value))
    skills = (
        chosen.explode("skills")
        .drop_nulls("skills")
        .group_by("skills")
        .len("jobs")
        .with_columns((pl.col("jobs") / max(chosen.height, 1)).alias("share"))
        .sort(["jobs", "skills"], descending=[True, False])
    )
    return chosen, skills


@app.cell
def _(alt, chosen, mo, skills):
    chart = (
        alt.Chart(alt.InlineData(values=skills.head(20).to_dicts()))
        .mark_bar()
        .encode(x=alt.X("share:Q", axis=alt.Axis(format="%")), y=alt.Y("skills:N", sort=None, title=None))
        .properties(title=f"Technologies named, n = {chosen.height} open jobs")
    )
    mo.ui.altair_chart(chart)
    return


@app.cell
def _(chosen, pl):
    usd = (
        pl.coalesce("salary_year_usd_min", "salary_year_usd_max")
        + pl.coalesce("salary_year_usd_max", "salary_year_usd_min")
    ) / 2
    pay = (
        chosen.filter(pl.col("salary_source").is_in(["stated", "parsed"]))
        .with_columns(usd.alias("usd"))
        .drop_nulls("usd")
        .group_by("seniority")
        .agg(pl.len().alias("n"), pl.col("usd").median().round(0).alias("median_usd"))
        .filter(pl.col("n") >= 3)
        .sort("seniority")
    )
    pay
    return (pay,)


if __name__ == "__main__":
    app.run()
