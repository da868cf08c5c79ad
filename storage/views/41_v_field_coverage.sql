-- How many of a source's ads that are not closed had a field filled at the last run; one row a source and field.
SELECT source, field, postings, filled, CAST(filled AS DOUBLE PRECISION) / postings AS share
FROM coverage_daily
WHERE day = (SELECT MAX(day) FROM coverage_daily) AND postings > 0
