#include "project/levels.hpp"
#include "project/project.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <ordain/config.hpp>
#include <re2/re2.h>

namespace ordain::project {
namespace {

/// Where repositories keep what starts their servers.
struct Place {
    std::string_view folder;
    std::vector<std::string_view> patterns;
};
const std::vector<Place>& places() {
    static const std::vector<std::string_view> yaml = {"*.yml", "*.yaml"};
    static const std::vector<std::string_view> compose = {"*compose*.yml", "*compose*.yaml",
                                                          "Dockerfile*", "*.Dockerfile"};
    static const std::vector<Place> all = {
        {"",
         {"*compose*.yml", "*compose*.yaml", "Dockerfile*", ".gitlab-ci.yml", ".woodpecker.yml",
          ".drone.yml", "azure-pipelines.yml", "bitbucket-pipelines.yml"}},
        {"docker", compose},
        {".docker", compose},
        {"deploy", compose},
        {".devcontainer", compose},
        {".github/workflows", yaml},
        {".circleci", yaml},
        {".woodpecker", yaml},
    };
    return all;
}

/// Images that carry a server, by the last part of their name.
constexpr std::array<std::string_view, 9> images = {
    "postgres", "postgresql",     "postgis",  "pgvector",     "timescaledb",
    "citus",    "timescaledb-ha", "paradedb", "pgautoupgrade"};
/// Of these the tag's first number is the extension's version, and the server's follows `pg`.
constexpr std::array<std::string_view, 5> versioned_by_extension = {
    "pgvector", "timescaledb", "timescaledb-ha", "citus", "paradedb"};

std::uint32_t number_of(std::string_view digits) {
    std::uint32_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

/// 0: the tag does not tell.
std::uint32_t version_in(std::string_view image, std::string_view tag) {
    static const RE2 named("(?:^|[^a-z])pg-?([0-9]{2})(?:[^0-9]|$)");
    static const RE2 leading("^v?([0-9]{2})(?:[^0-9]|$)");
    std::string digits;
    if (RE2::PartialMatch(tag, named, &digits)) return number_of(digits);
    const bool of_extension =
        std::ranges::find(versioned_by_extension, image) != versioned_by_extension.end();
    if (!of_extension && RE2::PartialMatch(tag, leading, &digits)) return number_of(digits);
    return 0;
}

bool is_known(std::uint32_t version) {
    return version >= oldest_postgres && version <= newest_postgres;
}

/// `image: registry.example:5000/postgres:16-alpine`, `FROM postgis/postgis:15-3.4`,
/// `postgres:${VERSION:-16}`.
void read_images(std::string_view line, const std::string& where, std::vector<Server>& found) {
    static const RE2 reference(
        R"(((?:[A-Za-z0-9._-]+(?::[0-9]+)?/)*)([a-z][a-z-]*):(?:\$\{[A-Za-z_]+:-)?([A-Za-z0-9._-]+))");
    re2::StringPiece rest(line.data(), line.size());
    std::string registry;
    std::string image;
    std::string tag;
    while (RE2::FindAndConsume(&rest, reference, &registry, &image, &tag)) {
        if (std::ranges::find(images, image) == images.end()) continue;
        const std::uint32_t version = version_in(image, tag);
        if (!is_known(version)) continue;
        found.push_back({.version = version,
                         .where = where,
                         .image = fmt::format("{}{}:{}", registry, image, tag)});
    }
}

/// supabase/config.toml: `major_version = 15` of [db].
void read_major_version(std::string_view line,
                        const std::string& where,
                        std::vector<Server>& found) {
    static const RE2 setting(R"(^\s*major_version\s*=\s*([0-9]{2})\b)");
    std::string digits;
    if (!RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), setting, &digits)) return;
    const std::uint32_t version = number_of(digits);
    if (!is_known(version)) return;
    found.push_back(
        {.version = version, .where = where, .image = fmt::format("major_version {}", version)});
}

using Reader = void (*)(std::string_view, const std::string&, std::vector<Server>&);

/// Comment lines speak of what is not used.
void read_lines(const layout::FileTree& tree,
                const LevelFile& file,
                Reader reader,
                std::vector<Server>& found) {
    const std::string text = tree.head(file.path, max_read_bytes);
    std::string_view rest = text;
    for (std::size_t number = 1; !rest.empty(); ++number) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, end);
        const std::size_t first = line.find_first_not_of(" \t");
        if (first != std::string_view::npos && line[first] != '#')
            reader(line, fmt::format("{}:{}", file.shown, number), found);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

} // namespace

std::vector<Server> servers(const layout::FileTree& tree, const std::filesystem::path& folder) {
    std::vector<Server> all;
    for (const Level& level : levels(tree, folder)) {
        std::vector<Server> found;
        for (const Place& place : places()) {
            for (const LevelFile& file : files_in(tree, level, place.folder, place.patterns))
                read_lines(tree, file, read_images, found);
        }
        for (const LevelFile& file : files_in(tree, level, "supabase", {"config.toml"}))
            read_lines(tree, file, read_major_version, found);
        std::ranges::stable_sort(found, {}, &Server::version);
        std::ranges::move(found, std::back_inserter(all));
    }
    return all;
}

} // namespace ordain::project
