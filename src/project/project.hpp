#pragma once

#include "layout/file_tree.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the files of a repository say about the database that its migrations run on: compose files
/// and CI services name a server's version, a project file a platform, a document the migrations.
///
/// Looked at are well-known files in a folder and in those above it, up to and with the one that
/// holds `.git`: never the whole repository, because this runs in every hook.
namespace ordain::project {

/// A server that the repository runs somewhere.
struct Server {
    std::uint32_t version = 0; ///< Its major version, one that Ordain knows.
    std::string where;         ///< "docker-compose.yml:12".
    std::string image;         ///< "postgres:16-alpine".
};

/// All that are found, those of the nearest folder first and there the oldest.
[[nodiscard]] std::vector<Server> servers(const layout::FileTree& tree,
                                          const std::filesystem::path& folder);

/// A platform, by the name that settings have for it, and the file that shows it.
struct Sign {
    std::string_view platform;
    std::string where; ///< "supabase/config.toml".
};
[[nodiscard]] std::optional<Sign> platform(const layout::FileTree& tree,
                                           const std::filesystem::path& folder);

/// A Markdown document that names migrations.
struct Document {
    std::string path;
    std::size_t named = 0; ///< How many of them.
};
/// Those that name at least two of the files, the one that names most first.
[[nodiscard]] std::vector<Document> documents(const layout::FileTree& tree,
                                              const std::filesystem::path& folder,
                                              const std::vector<std::string>& files);

} // namespace ordain::project
