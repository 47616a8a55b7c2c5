#include "plan/beforehand.hpp"

#include "catalog/resolve.hpp"
#include "layout/file_tree.hpp"
#include "layout/shown_path.hpp"
#include "platform/platform.hpp"

#include <fmt/format.h>
#include <string>
#include <string_view>
#include <utility>

namespace ordain::plan {
namespace {

using Kind = EarlierScript::Kind;

/// What an assumption about a schema or a table says as SQL. A table without columns is one whose
/// columns are not known.
std::string statements_of(const Assumption& assumption) {
    using catalog::quote_identifier;
    if (assumption.sql) return *assumption.sql;
    const std::string_view name = assumption.schema ? *assumption.schema : *assumption.table;
    if (assumption.schema)
        return fmt::format("CREATE SCHEMA IF NOT EXISTS {};", quote_identifier(name));
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos)
        return fmt::format("CREATE TABLE IF NOT EXISTS {} ();", quote_identifier(name));
    const std::string schema = quote_identifier(name.substr(0, dot));
    return fmt::format("CREATE SCHEMA IF NOT EXISTS {0}; CREATE TABLE IF NOT EXISTS {0}.{1} ();",
                       schema, quote_identifier(name.substr(dot + 1)));
}

class Builder {
public:
    Builder(const Settings& settings, Plan& plan, SourceSet& sources)
        : settings_(settings),
          plan_(plan),
          sources_(sources) {}

    Result<void> build() {
        add_platform();
        if (!settings_.search_path.empty()) plan_.beforehand.search_path = settings_.search_path;
        if (settings_.starts_from) {
            Result<void> read = add_file(Kind::dump, *settings_.starts_from);
            if (!read) return read;
        }
        for (const Assumption& assumption : settings_.assumptions) {
            Result<void> added = add(assumption);
            if (!added) return added;
        }
        return {};
    }

private:
    void add_platform() {
        const platform::Platform* found =
            settings_.platform ? platform::find_platform(*settings_.platform) : nullptr;
        if (found == nullptr) return;
        plan_.beforehand.platform = found->name;
        plan_.beforehand.search_path = found->search_path;
        add_script(Kind::platform, fmt::format("platform {}", found->name),
                   std::string(found->script), true);
    }

    Result<void> add(const Assumption& assumption) {
        if (assumption.file) return add_file(Kind::assumption, *assumption.file);
        const SourceFile& file = sources_.file(assumption.where.file);
        const std::string where =
            fmt::format("{}:{}", file.path(), file.position(assumption.where.span.begin).line);
        add_script(Kind::assumption, where, statements_of(assumption), !assumption.sql);
        return {};
    }

    Result<void> add_file(Kind kind, const std::string& name) {
        const std::filesystem::path path = settings_.folder / name;
        Result<std::string> text = layout::FileTree().read(path);
        if (!text) return tl::unexpected(text.error());
        add_script(kind, layout::shown(path), *std::move(text), false);
        return {};
    }

    void add_script(Kind kind, std::string name, std::string text, bool open) {
        const FileId file = sources_.add(name, std::move(text));
        plan_.beforehand.scripts.push_back(
            {.kind = kind,
             .name = std::move(name),
             .script = whole_script(sources_, file, Wrapping::script),
             .open = open});
    }

    const Settings& settings_;
    Plan& plan_;
    SourceSet& sources_;
};

} // namespace

Result<void> add_beforehand(const Settings& settings, Plan& plan, SourceSet& sources) {
    return Builder(settings, plan, sources).build();
}

} // namespace ordain::plan
