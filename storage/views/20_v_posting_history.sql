-- What changed in an ad, one row a field; the field 'state' tells when it was closed or came back.
SELECT
    h.posting_key, p.source, p.board, p.external_id, p.url, p.job_id, p.title, p.company,
    h.at, h.run_id, h.field, h.before, h.after, h.reason, h.because
FROM posting_change AS h
JOIN posting AS p ON p.posting_key = h.posting_key
