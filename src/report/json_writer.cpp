#include "report/json_writer.hpp"

#include "report/code_frame.hpp"

namespace ordain::report {

std::string serialized(const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json text_or_null(std::string_view text) {
    return text.empty() ? Json() : Json(text);
}

Json number_or_null(std::uint32_t number) {
    return number == 0 ? Json() : Json(number);
}

Json place_json(const SourceSet& sources, Location where) {
    const SourceFile& file = sources.file(where.file);
    Json json{{"file", file.path()}};
    if (is_whole_file(where.span)) return json;
    const Position begin = file.position(where.span.begin);
    const Position end = file.position(where.span.end);
    json["line"] = begin.line;
    json["column"] = begin.column;
    json["end_line"] = end.line;
    json["end_column"] = end.column;
    json["begin"] = where.span.begin;
    json["end"] = where.span.end;
    return json;
}

Json object_json(const ObjectReference& object) {
    Json json{{"kind", name_of(object.kind)}};
    if (!object.schema.empty()) json["schema"] = object.schema;
    if (!object.table.empty()) json["table"] = object.table;
    json["name"] = object.name;
    const bool callable = object.kind == ObjectKind::function ||
                          object.kind == ObjectKind::procedure ||
                          object.kind == ObjectKind::aggregate;
    if (callable) json["arguments"] = object.arguments;
    return json;
}

Json objects_json(const std::vector<ObjectReference>& objects) {
    Json list = Json::array();
    for (const ObjectReference& object : objects)
        list.push_back(object_json(object));
    return list;
}

Json answer_json(const SourceSet& sources, const Answer& answer) {
    const bool placed = !answer.where.span.empty();
    const std::uint32_t line =
        placed ? sources.file(answer.where.file).position(answer.where.span.begin).line : 0;
    return {{"verdict", name_of(answer.verdict)},
            {"sqlstate", text_or_null(answer.sqlstate)},
            {"message", text_or_null(answer.message)},
            {"statement", number_or_null(answer.statement)},
            {"line", number_or_null(line)}};
}

} // namespace ordain::report
