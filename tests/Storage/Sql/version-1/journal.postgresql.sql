CREATE TABLE journal (
    ordering bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, created bigint NOT NULL, deleted boolean NOT NULL, persistence_id varchar(255) NOT NULL, sequence_number bigint NOT NULL,
    message bytea NOT NULL, manifest varchar(500) NULL, identifier integer NULL, writer_uuid varchar(128) NULL, CONSTRAINT journal_uq UNIQUE (persistence_id, sequence_number));
INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) VALUES
    (639037080000000000, false, 'connector/full', 1, convert_to('{"at":"2026-01-05T10:00:00+00:00","tag":"ab12cd"}', 'UTF8'), 'connector.process-tag-taken.1', 4711, 'w'),
    (639037080010000000, false, 'connector/full', 2, convert_to('{"at":"2026-01-05T10:00:01+00:00","why":"a test"}', 'UTF8'), 'connector.paused.1', 4711, 'w');
