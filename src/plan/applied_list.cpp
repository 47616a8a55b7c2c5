#include "plan/applied_list.hpp"

#include "config/suggestion.hpp"
#include "layout/shown_path.hpp"
#include "plan/applied.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace ordain::plan {
namespace {

namespace fs = std::filesystem;

/// A pipe is read too: the list may come from the database itself.
Result<std::string> text_of(const fs::path& path) {
    errno = 0;
    std::ifstream stream(path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(stream), {});
    if (stream.is_open() && !stream.bad() && errno == 0) return text;
    return failure(fmt::format("--applied {}: cannot be read: {}", layout::shown(path),
                               std::generic_category().message(errno)));
}

std::string_view without_comment(std::string_view line) {
    constexpr std::string_view blanks = " \t";
    line = line.substr(0, line.find('#'));
    const std::size_t begin = line.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return line.substr(begin, line.find_last_not_of(blanks) - begin + 1);
}

/// Finds the migration that a name of the list means.
class Names {
public:
    Names(const Plan& plan, const SourceSet& sources) : plan_(plan), sources_(sources) {}

    [[nodiscard]] Result<std::size_t> find(std::string_view name) const {
        std::vector<std::size_t> found;
        for (std::size_t index = 0; index < plan_.migrations.size(); ++index) {
            if (is_named(plan_.migrations[index], name)) found.push_back(index);
        }
        if (found.size() == 1) return found.front();
        return failure(found.empty() ? unknown(name) : ambiguous(name, found));
    }

private:
    [[nodiscard]] const std::string& path_of(const Migration& migration) const {
        return sources_.file(migration.up.file).path();
    }

    [[nodiscard]] bool is_named(const Migration& migration, std::string_view name) const {
        const std::string& path = path_of(migration);
        return name == migration.version || name == migration.id || name == path ||
               name == fs::path(path).filename().string();
    }

    [[nodiscard]] std::string unknown(std::string_view name) const {
        std::vector<std::string_view> known;
        for (const Migration& migration : plan_.migrations)
            known.insert(known.end(), {migration.id, migration.version});
        return fmt::format("{} has no migration \"{}\"{}", plan_.root, layout::printable(name),
                           config::suggestion(name, known));
    }

    [[nodiscard]] std::string ambiguous(std::string_view name,
                                        const std::vector<std::size_t>& found) const {
        std::vector<std::string_view> ids;
        ids.reserve(found.size());
        for (const std::size_t index : found)
            ids.emplace_back(plan_.migrations[index].id);
        return fmt::format("\"{}\" names {} migrations; name each by its id: {}",
                           layout::printable(name), found.size(), fmt::join(ids, ", "));
    }

    const Plan& plan_;
    const SourceSet& sources_;
};

std::set<std::string> paths_of_applied(const Plan& plan, const SourceSet& sources) {
    std::set<std::string> paths;
    for (const Migration& migration : plan.migrations) {
        if (!migration.applied) continue;
        paths.insert(sources.file(migration.up.file).path());
        if (migration.down) paths.insert(sources.file(migration.down->file).path());
    }
    return paths;
}

} // namespace

Result<void> hold_against_list(const fs::path& list, Plan& plan, const SourceSet& sources) {
    Result<std::string> text = text_of(list);
    if (!text) return tl::unexpected(text.error());
    const SourceFile file(layout::shown(list), *std::move(text), Client::driver);
    const Names names(plan, sources);
    std::vector<std::string> faults;
    for (std::uint32_t line = 1; line <= file.line_count(); ++line) {
        const std::string_view name = without_comment(file.text(file.line_span(line)));
        if (name.empty()) continue;
        const Result<std::size_t> found = names.find(name);
        if (found) {
            plan.migrations[*found].applied = true;
        } else {
            faults.push_back(fmt::format("{}:{}: {}", file.path(), line, found.error().message));
        }
    }
    if (!faults.empty()) return failure(fmt::format("{}", fmt::join(faults, "\n")));
    leave_out_notes(plan, paths_of_applied(plan, sources));
    plan.base = Base{.kind = Base::Kind::list,
                     .name = file.path(),
                     .commit = {},
                     .reason = {},
                     .rewrites = inserted_before_applied(plan)};
    return {};
}

} // namespace ordain::plan
