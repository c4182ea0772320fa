CREATE TABLE journal (
    ordering INTEGER PRIMARY KEY AUTOINCREMENT, created BIGINT NOT NULL, deleted BIT NOT NULL, persistence_id NVARCHAR(255) NOT NULL, sequence_number BIGINT NOT NULL,
    message VARBINARY NOT NULL, manifest NVARCHAR(500) NULL, identifier INTEGER NULL, writer_uuid NVARCHAR(128) NULL, UNIQUE (persistence_id, sequence_number));
INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) VALUES
    (639037080000000000, 0, 'connector/full', 1, CAST('{"at":"2026-01-05T10:00:00+00:00","tag":"ab12cd"}' AS BLOB), 'connector.process-tag-taken.1', 4711, 'w'),
    (639037080010000000, 0, 'connector/full', 2, CAST('{"at":"2026-01-05T10:00:01+00:00","why":"a test"}' AS BLOB), 'connector.paused.1', 4711, 'w');
