#include "platform/platform.hpp"

#include "platform/scripts.hpp"

#include <algorithm>

namespace ordain::platform {

std::span<const Platform> platforms() {
    static const std::vector<Platform> all = {
        {.name = "azure",
         .title = "Azure Database for PostgreSQL",
         .script = scripts::azure,
         .search_path = {}},
        {.name = "cloud-sql",
         .title = "Google Cloud SQL",
         .script = scripts::cloud_sql,
         .search_path = {}},
        {.name = "neon", .title = "Neon", .script = scripts::neon, .search_path = {}},
        {.name = "rds",
         .title = "Amazon RDS and Aurora",
         .script = scripts::rds,
         .search_path = {}},
        {.name = "supabase",
         .title = "Supabase",
         .script = scripts::supabase,
         // ALTER DATABASE postgres SET search_path, as its images do.
         .search_path = {"$user", "public", "extensions"}},
    };
    return all;
}

const Platform* find_platform(std::string_view name) {
    const auto all = platforms();
    const auto found = std::ranges::find(all, name, &Platform::name);
    return found == all.end() ? nullptr : &*found;
}

} // namespace ordain::platform
