CREATE TABLE host_lease (
    name text NOT NULL PRIMARY KEY,
    epoch bigint NOT NULL,
    owner text NOT NULL,
    taken_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE FUNCTION csmc_fence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT epoch FROM host_lease WHERE name = 'trade') IS DISTINCT FROM nullif(current_setting('csmc.epoch', true), '')::bigint THEN
        RAISE EXCEPTION 'another host trades with this database by now' USING ERRCODE = '55000';
    END IF;
    RETURN NULL;
END
$$;
