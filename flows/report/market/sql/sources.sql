-- Where the figures come from: sources that have carried an ad, with the line each asks to be named by.
SELECT
    s.source,
    MAX(s.name) AS name,
    MAX(s.home) AS home,
    MAX(s.attribution) AS attribution,
    COUNT(*) AS ads,
    SUM(CASE WHEN p.state = 'open' THEN 1 ELSE 0 END) AS ads_open,
    SUM(CASE WHEN p.state = 'unconfirmed' THEN 1 ELSE 0 END) AS ads_unconfirmed,
    (SELECT MAX(b.last_complete_at) FROM board AS b WHERE b.source = s.source) AS last_complete
FROM posting AS p
JOIN source AS s ON s.source = p.source
GROUP BY s.source
ORDER BY s.source
