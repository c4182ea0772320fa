CREATE TABLE history (
    id integer PRIMARY KEY AUTOINCREMENT,
    utc_ticks bigint NOT NULL,
    kind text NOT NULL,
    severity bigint NOT NULL,
    organization text NOT NULL,
    connector text NULL,
    leg text NULL,
    terminal text NULL,
    text text NOT NULL,
    data text NULL,
    source_id text NULL,
    source_sequence bigint NULL,
    source_part bigint NULL,
    UNIQUE (source_id, source_sequence, source_part)
);
CREATE INDEX history_organization ON history (organization, id);
CREATE INDEX history_connector ON history (connector, id);
CREATE INDEX history_leg ON history (connector, leg, id);
CREATE INDEX history_terminal ON history (terminal, id);
CREATE INDEX history_kind ON history (kind, id);
CREATE INDEX history_utc ON history (utc_ticks);
