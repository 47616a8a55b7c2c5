#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Hosted PostgreSQL servers and what they bring: schemas, roles, functions and tables that no
/// migration makes.
namespace ordain::platform {

struct Platform {
    std::string_view name;   ///< "supabase", as settings say it.
    std::string_view title;  ///< "Supabase".
    std::string_view script; ///< What it brings, as SQL (the .sql file of that name).
    /// search_path of a new connection; empty: the server's default.
    std::vector<std::string> search_path;
};

[[nodiscard]] std::span<const Platform> platforms();
/// Null when there is none of that name.
[[nodiscard]] const Platform* find_platform(std::string_view name);

} // namespace ordain::platform
