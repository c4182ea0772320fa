CREATE TABLE organizations (
    id text NOT NULL PRIMARY KEY,
    name text NOT NULL,
    created_ticks bigint NOT NULL
);
INSERT INTO organizations (id, name, created_ticks) VALUES ('local', 'Local', 0);

CREATE TABLE connectors (
    id text NOT NULL PRIMARY KEY,
    organization text NOT NULL REFERENCES organizations (id),
    tag text NOT NULL UNIQUE,
    format bigint NOT NULL,
    settings text NOT NULL,
    revision bigint NOT NULL,
    created_ticks bigint NOT NULL,
    changed_ticks bigint NOT NULL,
    deleted_ticks bigint NULL
);

CREATE TABLE connector_credentials (
    connector text NOT NULL PRIMARY KEY REFERENCES connectors (id),
    environment text NULL,
    secret bytea NULL,
    changed_ticks bigint NOT NULL
);

CREATE TABLE feed_clients (
    id text NOT NULL PRIMARY KEY,
    organization text NOT NULL REFERENCES organizations (id),
    secret bytea NULL,
    created_ticks bigint NOT NULL,
    changed_ticks bigint NOT NULL,
    revoked_ticks bigint NULL
);

CREATE TABLE general_settings (
    organization text NOT NULL REFERENCES organizations (id),
    name text NOT NULL,
    value text NOT NULL,
    changed_ticks bigint NOT NULL,
    PRIMARY KEY (organization, name)
);

CREATE TABLE process_tags (
    tag text NOT NULL PRIMARY KEY,
    started_ticks bigint NOT NULL
);
