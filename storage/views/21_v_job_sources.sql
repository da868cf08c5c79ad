-- Which ads a job stands on, and why each belongs to it.
SELECT
    p.job_id, p.posting_key, p.source, p.board, p.external_id, p.url, p.state, p.first_seen, seen.last_seen,
    l.rule, l.kind, l.score, l.partner, l.because, s.attribution
FROM posting AS p
LEFT JOIN sighting AS seen ON seen.posting_key = p.posting_key
JOIN source AS s ON s.source = p.source
LEFT JOIN match_link AS l ON l.posting_key = p.posting_key
WHERE p.job_id IS NOT NULL
