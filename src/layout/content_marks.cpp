#include "layout/content_marks.hpp"

#include "layout/file_name.hpp"
#include "text/letter_case.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace ordain::layout {
namespace {

/// What a comment line says, in lower case and without the dashes and blanks before it.
struct Marker {
    std::string_view tool;
    std::string_view begins;
    std::string_view shown;
};

constexpr std::array markers = {
    Marker{"goose", "+goose ", "-- +goose"},
    Marker{"sql-migrate", "+migrate up", "-- +migrate Up"},
    Marker{"sql-migrate", "+migrate down", "-- +migrate Down"},
    Marker{"dbmate", "migrate:up", "-- migrate:up"},
    Marker{"dbmate", "migrate:down", "-- migrate:down"},
    Marker{"tern", "create above / drop below", "---- create above / drop below ----"},
    Marker{"tern", "tern: ", "---- tern: disable-tx ----"},
    Marker{"liquibase", "liquibase formatted", "--liquibase formatted sql"},
    Marker{"atlas", "atlas:", "-- atlas:"},
    Marker{"graphile-migrate", "! previous:", "--! Previous:"},
    Marker{"alembic", "running upgrade ", "-- Running upgrade"},
    Marker{"mybatis", "//@undo", "-- //@UNDO"},
    Marker{"play", "!ups", "-- !Ups"},
    Marker{"sqlx", "add migration script here", "-- Add migration script here"},
    Marker{"sqlx", "add up migration script here", "-- Add up migration script here"},
    Marker{"sqlx", "add down migration script here", "-- Add down migration script here"},
    Marker{"postgres-migrations", "postgres-migrations disable-transaction",
           "-- postgres-migrations disable-transaction"},
    Marker{"postgres-migrations", "postgres-migrations ignore", "-- postgres-migrations ignore"},
};

/// The text of a line comment (or of a `#` line, which Play uses); nothing for other lines.
std::optional<std::string> comment_text(std::string_view line) {
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return std::nullopt;
    line.remove_prefix(begin);
    if (!line.starts_with("--") && !line.starts_with("# ---")) return std::nullopt;
    line.remove_prefix(std::min(line.find_first_not_of("#- \t"), line.size()));
    return text::lower_case(line.substr(0, line.find_last_not_of(" \t\r") + 1));
}

class Collector {
public:
    void add(std::string_view tool, std::string_view text) {
        if (std::ranges::find(marks_, tool, &ContentMark::tool) != marks_.end()) return;
        marks_.push_back({.tool = std::string(tool), .text = std::string(text)});
    }

    void read_line(std::string_view line) {
        if (line.find("--> statement-breakpoint") != std::string_view::npos) {
            add("drizzle", "--> statement-breakpoint");
        }
        if (line.find("INSERT INTO \"__EFMigrationsHistory\"") != std::string_view::npos) {
            add("ef-core", "INSERT INTO \"__EFMigrationsHistory\"");
        }
        const std::optional<std::string> comment = comment_text(line);
        if (!comment) return;
        for (const Marker& marker : markers) {
            if (comment->starts_with(marker.begins)) add(marker.tool, marker.shown);
        }
        up_ = up_ || *comment == "up migration";
        down_ = down_ || *comment == "down migration";
        if (up_ && down_) add("node-pg-migrate", "-- Up Migration and -- Down Migration");
    }

    [[nodiscard]] std::vector<ContentMark> take() { return std::move(marks_); }

private:
    std::vector<ContentMark> marks_;
    bool up_ = false;
    bool down_ = false;
};

} // namespace

std::vector<ContentMark> content_marks(std::string_view head) {
    Collector collector;
    if (head.starts_with("-- no-transaction")) collector.add("sqlx", "-- no-transaction");
    while (!head.empty()) {
        const std::size_t end = std::min(head.find('\n'), head.size());
        collector.read_line(head.substr(0, end));
        head.remove_prefix(std::min(end + 1, head.size()));
    }
    return collector.take();
}

} // namespace ordain::layout
