#include "layout/file_tree.hpp"

#include "layout/shown_path.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <fstream>
#include <ordain/source.hpp>
#include <system_error>
#include <utility>

namespace ordain::layout {
namespace {

namespace fs = std::filesystem;

EntryKind kind_of(const fs::file_status& status) {
    if (fs::is_regular_file(status)) return EntryKind::file;
    if (fs::is_directory(status)) return EntryKind::folder;
    return fs::exists(status) ? EntryKind::other : EntryKind::unreadable;
}

std::string last_error() {
    const int code = errno;
    return code == 0 ? "read error" : std::generic_category().message(code);
}

tl::unexpected<Failure> too_large(const fs::path& path) {
    return failure(
        fmt::format("{} is larger than {} MiB, which no migration is: split it, or move it "
                    "out of the migration folder",
                    shown(path), max_file_bytes / (std::size_t{1024} * 1024)));
}

Result<std::string> read_from_disk(const fs::path& path) {
    errno = 0;
    std::ifstream stream(path, std::ios::binary);
    if (!stream) {
        return failure(
            fmt::format("{} cannot be read: {}; check its permissions", shown(path), last_error()));
    }
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (!error && size > max_file_bytes) return too_large(path);
    std::string bytes(error ? head_bytes : static_cast<std::size_t>(size) + 1, '\0');
    std::size_t filled = 0;
    while (true) {
        stream.read(bytes.data() + filled, static_cast<std::streamsize>(bytes.size() - filled));
        filled += static_cast<std::size_t>(stream.gcount());
        if (stream.bad()) {
            return failure(fmt::format("{} cannot be read: {}", shown(path), last_error()));
        }
        if (filled < bytes.size()) break;
        if (filled > max_file_bytes) return too_large(path);
        bytes.resize(std::min(bytes.size() * 2, max_file_bytes + 1));
    }
    bytes.resize(filled);
    if (bytes.size() > max_file_bytes) return too_large(path);
    return bytes;
}

} // namespace

FileTree::FileTree(const fs::path& file, std::string bytes)
    : overlay_(Overlay{.place = absolute_path(file), .bytes = std::move(bytes)}) {}

FileTree::FileTree(const Snapshot& snapshot)
    : frozen_(Frozen{.root = absolute_path(snapshot.root), .folders = {}, .read = snapshot.read}) {
    std::map<std::string, std::vector<Entry>>& folders = frozen_->folders;
    folders[""];
    for (const fs::path& file : snapshot.files) {
        fs::path place = file;
        EntryKind kind = EntryKind::file;
        while (!place.empty()) {
            const fs::path parent = place.parent_path();
            const bool known = folders.contains(parent.generic_string());
            folders[parent.generic_string()].push_back(
                {.name = place.filename().string(), .kind = kind});
            if (known) break;
            place = parent;
            kind = EntryKind::folder;
        }
    }
    for (auto& [place, entries] : folders)
        std::ranges::sort(entries, {}, &Entry::name);
}

std::optional<std::string> FileTree::frozen_place(const fs::path& path) const {
    if (!frozen_) return std::nullopt;
    const fs::path place = absolute_path(path).lexically_relative(frozen_->root);
    if (place == ".") return std::string();
    if (place.empty() || *place.begin() == "..") return std::nullopt;
    return place.generic_string();
}

EntryKind FileTree::frozen_kind(const std::string& place) const {
    if (frozen_->folders.contains(place)) return EntryKind::folder;
    const fs::path path = place;
    const auto folder = frozen_->folders.find(path.parent_path().generic_string());
    const bool there = folder != frozen_->folders.end() &&
                       find_entry(folder->second, path.filename().string()) != nullptr;
    return there ? EntryKind::file : EntryKind::unreadable;
}

bool FileTree::overlaid(const fs::path& path) const {
    return overlay_ && absolute_path(path) == overlay_->place;
}

std::optional<Entry> FileTree::overlay_entry(const fs::path& folder) const {
    if (!overlay_) return std::nullopt;
    const fs::path place = absolute_path(folder);
    const fs::path parent = overlay_->place.parent_path();
    if (place == parent) {
        return Entry{.name = overlay_->place.filename().string(), .kind = EntryKind::file};
    }
    if (place == parent.parent_path()) {
        return Entry{.name = parent.filename().string(), .kind = EntryKind::folder};
    }
    return std::nullopt;
}

EntryKind FileTree::kind(const fs::path& path) const {
    if (overlaid(path)) return EntryKind::file;
    if (const std::optional<std::string> place = frozen_place(path)) return frozen_kind(*place);
    std::error_code error;
    return kind_of(fs::status(path, error));
}

Result<std::vector<Entry>> FileTree::list(const fs::path& folder) const {
    if (const std::optional<std::string> place = frozen_place(folder)) {
        const auto found = frozen_->folders.find(*place);
        return found == frozen_->folders.end() ? std::vector<Entry>() : found->second;
    }
    std::vector<Entry> entries;
    std::error_code error;
    for (fs::directory_iterator item(folder, error); !error && item != fs::directory_iterator();
         item.increment(error)) {
        std::error_code status_error;
        entries.push_back({.name = item->path().filename().string(),
                           .kind = kind_of(item->status(status_error))});
    }
    const std::optional<Entry> given = overlay_entry(folder);
    if (error && !(given && error == std::errc::no_such_file_or_directory)) {
        return failure(fmt::format("{} cannot be listed: {}; check that it is a folder and its "
                                   "permissions",
                                   shown(folder), error.message()));
    }
    if (given) {
        std::erase_if(entries, [&](const Entry& entry) { return entry.name == given->name; });
        entries.push_back(*given);
    }
    std::ranges::sort(entries, {}, &Entry::name);
    return entries;
}

Result<std::string> FileTree::read(const fs::path& path) const {
    if (overlaid(path)) {
        if (overlay_->bytes.size() > max_file_bytes) return too_large(path);
        return overlay_->bytes;
    }
    const std::optional<std::string> place = frozen_place(path);
    switch (kind(path)) {
    case EntryKind::file: return place ? frozen_->read(*place) : read_from_disk(path);
    case EntryKind::folder: return failure(fmt::format("{} is a folder, not a file", shown(path)));
    case EntryKind::other:
        return failure(
            fmt::format("{} is not a regular file; pass its text on standard input", shown(path)));
    case EntryKind::unreadable: break;
    }
    return failure(fmt::format("{} does not exist or is a broken link", shown(path)));
}

std::string FileTree::head(const fs::path& path, std::size_t limit) const {
    if (overlaid(path)) return overlay_->bytes.substr(0, limit);
    if (kind(path) != EntryKind::file) return {};
    if (const std::optional<std::string> place = frozen_place(path)) {
        return frozen_->read(*place).value_or(std::string()).substr(0, limit);
    }
    std::ifstream stream(path, std::ios::binary);
    std::string bytes(limit, '\0');
    stream.read(bytes.data(), static_cast<std::streamsize>(limit));
    bytes.resize(static_cast<std::size_t>(stream.gcount()));
    return bytes;
}

const Entry* find_entry(const std::vector<Entry>& entries, std::string_view name) {
    const auto found = std::ranges::lower_bound(entries, name, {}, &Entry::name);
    return found != entries.end() && found->name == name ? &*found : nullptr;
}

bool has_file(const std::vector<Entry>& entries, std::string_view name) {
    const Entry* entry = find_entry(entries, name);
    return entry != nullptr && entry->kind == EntryKind::file;
}

bool has_folder(const std::vector<Entry>& entries, std::string_view name) {
    const Entry* entry = find_entry(entries, name);
    return entry != nullptr && entry->kind == EntryKind::folder;
}

} // namespace ordain::layout
