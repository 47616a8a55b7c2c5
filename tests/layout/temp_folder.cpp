#include "layout/temp_folder.hpp"

#include <atomic>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <system_error>
#include <unistd.h>

namespace ordain::layout {
namespace {

namespace fs = std::filesystem;

std::string below(const std::string& path, const std::string& root) {
    return path.starts_with(root + "/") ? path.substr(root.size() + 1) : path;
}

std::string_view name_of_severity(LayoutNote::Severity severity) {
    switch (severity) {
    case LayoutNote::Severity::error: return "error";
    case LayoutNote::Severity::warning: return "warning";
    case LayoutNote::Severity::note: return "note";
    }
    return "";
}

} // namespace

TempFolder::TempFolder() {
    std::string pattern = (fs::temp_directory_path() / "ordain_layout_XXXXXX").string();
    path_ = mkdtemp(pattern.data());
    write(".git", "");
}

TempFolder::~TempFolder() {
    std::error_code error;
    fs::remove_all(path_, error);
}

void TempFolder::write(std::string_view name, std::string_view text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
}

void TempFolder::make_folder(std::string_view name) const {
    fs::create_directories(path_ / name);
}

std::string TempFolder::relative(std::string text) const {
    const std::string prefix = path_.string();
    for (std::size_t found = text.find(prefix); found != std::string::npos;
         found = text.find(prefix)) {
        const bool slash =
            text.size() > found + prefix.size() && text[found + prefix.size()] == '/';
        text.replace(found, prefix.size() + (slash ? 1 : 0), slash ? "" : ".");
    }
    return text;
}

std::vector<std::string> lines_of(const Plan& plan, const SourceSet& sources) {
    std::vector<std::string> lines;
    for (const Migration& migration : plan.migrations) {
        std::string line = fmt::format("{} {} {} {}", migration.id, migration.version,
                                       name_of(migration.up.wrapping),
                                       below(sources.file(migration.up.file).path(), plan.root));
        if (migration.down) {
            line += fmt::format(" {} {}", name_of(migration.down->wrapping),
                                below(sources.file(migration.down->file).path(), plan.root));
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

std::vector<std::string> notes_of(const Plan& plan, const TempFolder& folder) {
    std::vector<std::string> notes;
    for (const LayoutNote& note : plan.notes) {
        notes.push_back(fmt::format("{} {}: {}", name_of_severity(note.severity),
                                    folder.relative(note.path), folder.relative(note.message)));
    }
    return notes;
}

} // namespace ordain::layout
