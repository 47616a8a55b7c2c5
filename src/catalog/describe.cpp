#include <fmt/format.h>
#include <fmt/ranges.h>
#include <ordain/judgement.hpp>

namespace ordain {
namespace {

std::string qualified(std::string_view schema, std::string_view name) {
    return schema.empty() ? std::string(name) : fmt::format("{}.{}", schema, name);
}

bool takes_arguments(ObjectKind kind) {
    return kind == ObjectKind::function || kind == ObjectKind::procedure ||
           kind == ObjectKind::aggregate;
}

} // namespace

std::string describe(const ObjectReference& object) {
    const std::string_view kind = name_of(object.kind);
    // An index belongs to a table and is yet named by its schema.
    if (!object.table.empty() && object.kind != ObjectKind::index) {
        return fmt::format(R"({} "{}" of table "{}")", kind, object.name,
                           qualified(object.schema, object.table));
    }
    std::string name = qualified(object.schema, object.name);
    if (takes_arguments(object.kind))
        name += fmt::format("({})", fmt::join(object.arguments, ", "));
    return fmt::format("{} \"{}\"", kind, name);
}

} // namespace ordain
