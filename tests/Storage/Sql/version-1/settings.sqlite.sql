CREATE TABLE organizations (
    id text NOT NULL PRIMARY KEY,
    name text NOT NULL,
    created_ticks bigint NOT NULL
);

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
    secret blob NULL,
    changed_ticks bigint NOT NULL
);

CREATE TABLE feed_clients (
    id text NOT NULL PRIMARY KEY,
    organization text NOT NULL REFERENCES organizations (id),
    secret blob NULL,
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

CREATE TABLE IF NOT EXISTS schema_version (store text NOT NULL, version bigint NOT NULL, applied_ticks bigint NOT NULL, PRIMARY KEY (store, version));
INSERT INTO schema_version (store, version, applied_ticks) VALUES ('Settings', 1, 639079632000000000);
INSERT INTO organizations (id, name, created_ticks) VALUES ('local', 'Local', 0);
INSERT INTO connectors (id, organization, tag, format, settings, revision, created_ticks, changed_ticks, deleted_ticks) VALUES ('full', 'local', 'ael7', 1, '{"id":"full","name":"Voll \u201E\u00E4\u201C \u0026 \u003Cx\u003E","venue":"paper-spot","account":"acc-1","apiUrl":"http://127.0.0.1:7001/x","enabled":false,"routes":[{"terminal":"5012345@MetaQuotes-Demo","magics":[0,1001,9223372036854775807],"multiplier":0.25},{"terminal":"7@Other","magics":[],"multiplier":1.5}],"mapping":[{"symbol":"#AAPL","instrument":null,"scale":1},{"symbol":"PEPEUSD","instrument":"1000PEPEUSDT","scale":1000}],"quoteCurrency":"USDT","profitCurrency":"USD","syncAtStartup":true,"syncScope":"wholeAccount","keepForeignHoldings":true,"allowNetting":true,"planFirst":false,"maxOrderResubmitTries":7,"orderTimeout":12.5,"orderValidity":4,"reconnectionInterval":120,"positionSyncPeriod":0,"guardRails":{"maxOrderNotional":1000.50,"maxPositionNotional":5000,"maxOrdersPerMinute":5,"allowedInstruments":["BTCUSDT","ETHUSDT"],"closeOnly":true},"venueOptions":{"feeRate":"0.001","positionMode":"hedge"}}', 1, 639079632000000000, 639079632000000000, NULL);
INSERT INTO connectors (id, organization, tag, format, settings, revision, created_ticks, changed_ticks, deleted_ticks) VALUES ('by-variable', 'local', 'w435', 1, '{"id":"by-variable","name":"Connector by-variable","venue":"paper-futures","account":"by-variable","apiUrl":"","enabled":true,"routes":[],"mapping":[],"quoteCurrency":"","profitCurrency":"","syncAtStartup":false,"syncScope":"streamLegs","keepForeignHoldings":false,"allowNetting":false,"planFirst":true,"maxOrderResubmitTries":3,"orderTimeout":30,"orderValidity":5,"reconnectionInterval":300,"positionSyncPeriod":180,"guardRails":{"maxOrderNotional":null,"maxPositionNotional":null,"maxOrdersPerMinute":30,"allowedInstruments":[],"closeOnly":false},"venueOptions":{}}', 1, 639079632000000000, 639079632000000000, NULL);
INSERT INTO connectors (id, organization, tag, format, settings, revision, created_ticks, changed_ticks, deleted_ticks) VALUES ('deleted', 'local', 'xqwq', 1, '{"id":"deleted","name":"Connector deleted","venue":"paper-futures","account":"deleted","apiUrl":"","enabled":true,"routes":[],"mapping":[],"quoteCurrency":"","profitCurrency":"","syncAtStartup":false,"syncScope":"streamLegs","keepForeignHoldings":false,"allowNetting":false,"planFirst":true,"maxOrderResubmitTries":3,"orderTimeout":30,"orderValidity":5,"reconnectionInterval":300,"positionSyncPeriod":180,"guardRails":{"maxOrderNotional":null,"maxPositionNotional":null,"maxOrdersPerMinute":30,"allowedInstruments":[],"closeOnly":false},"venueOptions":{}}', 1, 639079632000000000, 639079632000000000, 639079632000000000);
INSERT INTO connector_credentials (connector, environment, secret, changed_ticks) VALUES ('full', NULL, X'09F0C9F011912954C1BE194AA35C7807B5BCD5ED13494FBBD4092BAA302A9FC1E22913A9F6349E07491C6A21450A8830F63F1988B4DA50CAF99B1DA8E210A5991A692C3C12C22C027A41A8C6EC850C2B6AEA30861A6891A7F0BAA39DF257DB26BBE36B4A1163E347EE5C624A55ECEBBF2B6B7A406AAB188714FCE43D1936F8F856C1AD4B1170E6E9E246241002939DDF99BC5927', 639079632000000000);
INSERT INTO connector_credentials (connector, environment, secret, changed_ticks) VALUES ('by-variable', 'MY_KEYS', NULL, 639079632000000000);
INSERT INTO feed_clients (id, organization, secret, created_ticks, changed_ticks, revoked_ticks) VALUES ('desk-1', 'local', X'09F0C9F011912954C1BE194AA35C7807B5BCD5ED7EE06E01D2384C51FB7BE7709E62C6D09B6260783AE66584B4390EEFB92D4E6BA8E2C34F5FCCADA6995CD6E88CB961377D5A1B9A18F580F6966C50265939F140D287AEF714F48AC4D69B848376F30509C354A06D964D479C1754B6C8BC048F4E', 639079632000000000, 639079632000000000, NULL);
INSERT INTO feed_clients (id, organization, secret, created_ticks, changed_ticks, revoked_ticks) VALUES ('desk-2', 'local', NULL, 639079632000000000, 639079632000000000, 639079632000000000);
INSERT INTO general_settings (organization, name, value, changed_ticks) VALUES ('local', 'theme', 'dark', 639079632000000000);
INSERT INTO process_tags (tag, started_ticks) VALUES ('ukexue', 639079632000000000);
INSERT INTO process_tags (tag, started_ticks) VALUES ('3v3kyx', 639079632000000000);
