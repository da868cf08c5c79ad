-- One row a job and technology that its ads name, in any state.
SELECT
    js.job_id, js.skill,
    COALESCE((SELECT s.category FROM skill AS s WHERE s.skill = js.skill AND s.taxonomy_version = j.taxonomy_version), '') AS category, -- sqlite
    COALESCE(s.category, '') AS category, -- postgresql
    j.title, j.company, j.role, j.server_side, j.seniority, j.remote_mode, j.state, j.first_seen
FROM job_skill AS js
JOIN job AS j ON j.job_id = js.job_id
LEFT JOIN skill AS s ON s.skill = js.skill AND s.taxonomy_version = j.taxonomy_version -- postgresql
