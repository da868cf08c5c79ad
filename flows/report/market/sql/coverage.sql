-- The share of a source's ads that fill a field; ads that are not closed.
SELECT source, field, postings, filled, share
FROM v_field_coverage
ORDER BY source, field
