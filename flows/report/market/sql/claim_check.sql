-- The claims of the reference documents beside the collected figures of the last day they were checked.
SELECT day, claim, document, subject, says, claimed, claimed_max, unit, collected, low, high, n, verdict, because
FROM claim_check
WHERE day = (SELECT MAX(day) FROM claim_check)
ORDER BY claim
