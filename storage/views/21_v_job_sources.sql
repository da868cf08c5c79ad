-- Which ads a job stands on, and why each belongs to it.
SELECT
    p.job_id, p.posting_key, p.source, p.board, p.external_id, p.url, p.state, p.first_seen,
    (SELECT s.last_seen FROM sighting AS s WHERE s.posting_key = p.posting_key) AS last_seen, -- sqlite
    seen.last_seen, -- postgresql
    l.rule, l.kind, l.score, l.partner, l.because, source.attribution
FROM posting AS p
JOIN source ON source.source = p.source
LEFT JOIN sighting AS seen ON seen.posting_key = p.posting_key -- postgresql
LEFT JOIN match_link AS l ON l.posting_key = p.posting_key
WHERE p.job_id IS NOT NULL
