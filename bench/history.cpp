#include "bench/history.hpp"

#include <array>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <string>
#include <system_error>

namespace ordain::bench {
namespace {

namespace fs = std::filesystem;

/// Migrations go round in cycles of this many; the first of each makes a table.
constexpr std::size_t cycle = 5;

std::string new_table(std::size_t table) {
    std::string sql = fmt::format(R"(-- Orders of region {0}, as the warehouse reports them.
CREATE TABLE orders_{0} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL UNIQUE,
    customer_email character varying(320) NOT NULL,
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'packed', 'sent', 'returned')),
    total numeric(12, 2) NOT NULL DEFAULT 0 CHECK (total >= 0),
    details jsonb NOT NULL DEFAULT '{{}}'::jsonb,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    updated_at timestamp with time zone
);

CREATE INDEX orders_{0}_customer_idx ON orders_{0} (lower(customer_email), created_at DESC);
CREATE INDEX orders_{0}_open_idx ON orders_{0} (created_at) WHERE status = 'open';
)",
                                  table);
    if (table > 0) {
        sql += fmt::format(R"(
ALTER TABLE orders_{0} ADD COLUMN previous_id bigint REFERENCES orders_{1} (id) ON DELETE SET NULL;
)",
                           table, table - 1);
    }
    return sql;
}

std::string new_columns(std::size_t table) {
    return fmt::format(R"(ALTER TABLE orders_{0}
    ADD COLUMN shipped_at timestamp with time zone,
    ADD COLUMN carrier text,
    ADD COLUMN weight_grams integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT orders_{0}_weight_check CHECK (weight_grams BETWEEN 0 AND 1000000);

COMMENT ON COLUMN orders_{0}.carrier IS 'As the carrier names itself; null until it is known.';

UPDATE orders_{0}
SET carrier = coalesce(details ->> 'carrier', 'unknown'), updated_at = now()
WHERE status IN ('sent', 'returned') AND carrier IS NULL;

CREATE VIEW late_orders_{0} AS
SELECT o.id, o.reference, o.customer_email, o.created_at, o.total * 1.19 AS gross
FROM orders_{0} AS o
WHERE o.shipped_at IS NULL AND o.created_at < now() - interval '3 days'
ORDER BY o.created_at;
)",
                       table);
}

std::string new_function(std::size_t table) {
    return fmt::format(R"(CREATE FUNCTION touch_orders_{0}() RETURNS trigger
LANGUAGE plpgsql AS $body$
BEGIN
    -- Only a change that somebody can see counts.
    IF NEW.status IS DISTINCT FROM OLD.status OR NEW.total IS DISTINCT FROM OLD.total THEN
        NEW.updated_at := now();
    END IF;
    RETURN NEW;
END;
$body$;

CREATE TRIGGER orders_{0}_touch
    BEFORE UPDATE ON orders_{0}
    FOR EACH ROW
    EXECUTE FUNCTION touch_orders_{0}();

INSERT INTO orders_{0} (reference, customer_email, status, total) VALUES
    ('R-{0}-1', 'first@example.org', 'open', 10.50),
    ('R-{0}-2', 'second@example.org', 'packed', 99.00),
    ('R-{0}-3', 'third@example.org', 'sent', 7.25);
)",
                       table);
}

std::string new_lines(std::size_t table) {
    return fmt::format(R"(CREATE TABLE order_lines_{0} (
    order_id bigint NOT NULL REFERENCES orders_{0} (id) ON DELETE CASCADE,
    line integer NOT NULL CHECK (line > 0),
    article text NOT NULL,
    quantity integer NOT NULL DEFAULT 1,
    price numeric(12, 2) NOT NULL,
    PRIMARY KEY (order_id, line)
);

CREATE INDEX order_lines_{0}_article_idx ON order_lines_{0} (article) INCLUDE (quantity, price);

CREATE VIEW order_totals_{0} AS
SELECT o.id, o.reference, count(*) AS lines, sum(l.quantity * l.price) AS total
FROM orders_{0} AS o
JOIN order_lines_{0} AS l ON l.order_id = o.id
GROUP BY o.id, o.reference
HAVING count(*) > 1;
)",
                       table);
}

std::string cleaning(std::size_t table) {
    return fmt::format(R"(DROP VIEW IF EXISTS late_orders_{0};

ALTER TABLE orders_{0} ALTER COLUMN carrier SET DEFAULT 'unknown';
ALTER TABLE orders_{0} RENAME COLUMN details TO attributes;
ALTER TABLE orders_{0} ALTER COLUMN customer_email TYPE text;
ALTER TABLE orders_{0} DROP CONSTRAINT orders_{0}_weight_check;
ALTER TABLE orders_{0} DROP COLUMN shipped_at;

DELETE FROM orders_{0} WHERE status = 'returned' AND created_at < now() - interval '1 year';

DROP INDEX orders_{0}_open_idx;
CREATE UNIQUE INDEX orders_{0}_reference_idx ON orders_{0} (reference, customer_email)
    WHERE status <> 'returned';
)",
                       table);
}

std::string migration(std::size_t index) {
    constexpr std::array<std::string (*)(std::size_t), cycle> steps{
        new_table, new_columns, new_function, new_lines, cleaning};
    return steps.at(index % cycle)(index / cycle);
}

} // namespace

Result<TemporaryFolder> TemporaryFolder::make() {
    std::error_code error;
    std::string pattern = (fs::temp_directory_path(error) / "ordain-bench-XXXXXX").string();
    if (error || ::mkdtemp(pattern.data()) == nullptr) {
        return failure(fmt::format("cannot make a temporary folder like {}", pattern));
    }
    return TemporaryFolder(pattern);
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
}

void write_history(const fs::path& folder, std::size_t migrations) {
    fs::create_directories(folder);
    std::ofstream(folder.parent_path() / "sqlx.toml") << "";
    for (std::size_t index = 0; index < migrations; ++index) {
        const std::string name = fmt::format("{:05}_step.sql", index + 1);
        std::ofstream(folder / name, std::ios::binary) << migration(index);
    }
}

} // namespace ordain::bench
