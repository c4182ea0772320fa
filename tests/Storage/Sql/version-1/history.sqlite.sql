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

CREATE TABLE IF NOT EXISTS schema_version (store text NOT NULL, version bigint NOT NULL, applied_ticks bigint NOT NULL, PRIMARY KEY (store, version));
INSERT INTO schema_version (store, version, applied_ticks) VALUES ('History', 1, 639079632000000000);
INSERT INTO history (id, utc_ticks, kind, severity, organization, connector, leg, terminal, text, data, source_id, source_sequence, source_part) VALUES (1, 639079632000000000, 'note', 0, 'local', NULL, NULL, NULL, 'the first', NULL, NULL, NULL, NULL);
INSERT INTO history (id, utc_ticks, kind, severity, organization, connector, leg, terminal, text, data, source_id, source_sequence, source_part) VALUES (2, 639079632600000000, 'order', 1, 'local', 'full', 'BTC:Net', '5012345@MetaQuotes-Demo', 'with everything: ä ''quoted''', '{"x":1}', 'leg/full/BTC:Net', 3, 1);
