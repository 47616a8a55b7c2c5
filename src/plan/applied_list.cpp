#include "plan/applied_list.hpp"

#include "config/suggestion.hpp"
#include "layout/shown_path.hpp"
#include "plan/applied.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
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
    Names(const Plan& plan, const SourceSet& sources) : plan_(plan) {
        for (std::size_t index = 0; index < plan.migrations.size(); ++index) {
            const Migration& migration = plan.migrations[index];
            const std::string& path = sources.file(migration.up.file).path();
            for (std::string name :
                 {migration.version, migration.id, path, fs::path(path).filename().string()})
                named_[std::move(name)].insert(index);
        }
    }

    [[nodiscard]] Result<std::size_t> find(std::string_view name) const {
        const auto found = named_.find(name);
        if (found == named_.end()) return failure(unknown(name));
        if (found->second.size() == 1) return *found->second.begin();
        return failure(ambiguous(name, found->second));
    }

private:
    [[nodiscard]] std::string unknown(std::string_view name) const {
        std::vector<std::string_view> known;
        for (const Migration& migration : plan_.migrations)
            known.insert(known.end(), {migration.id, migration.version});
        return fmt::format("{} has no migration \"{}\"{}", plan_.root, layout::printable(name),
                           config::suggestion(name, known));
    }

    [[nodiscard]] std::string ambiguous(std::string_view name,
                                        const std::set<std::size_t>& found) const {
        std::vector<std::string_view> ids;
        ids.reserve(found.size());
        for (const std::size_t index : found)
            ids.emplace_back(plan_.migrations[index].id);
        return fmt::format("\"{}\" names {} migrations; name each by its id: {}",
                           layout::printable(name), found.size(), fmt::join(ids, ", "));
    }

    const Plan& plan_;
    std::map<std::string, std::set<std::size_t>, std::less<>> named_;
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
