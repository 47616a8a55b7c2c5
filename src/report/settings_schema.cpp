#include "report/settings_schema.hpp"

#include "report/json_writer.hpp"

namespace ordain::report {
namespace {

using config::SettingKey;
using config::SettingTable;
using config::ValueKind;
using config::Vocabulary;

Json severities_schema(const Vocabulary& vocabulary) {
    Json properties = Json::object();
    for (const auto* names : {&vocabulary.categories, &vocabulary.rules}) {
        for (const std::string_view name : *names)
            properties[std::string(name)] = {{"enum", config::severity_words()}};
    }
    return {{"type", "object"}, {"additionalProperties", false}, {"properties", properties}};
}

Json value_schema(const SettingKey& key, const Vocabulary& vocabulary) {
    switch (key.kind) {
    case ValueKind::text:
    case ValueKind::pattern: return {{"type", "string"}};
    case ValueKind::texts:
        return {{"type", "array"}, {"minItems", 1}, {"items", {{"type", "string"}}}};
    case ValueKind::number:
        return {{"type", "integer"}, {"minimum", key.least}, {"maximum", key.most}};
    case ValueKind::choice: return {{"enum", config::choices_of(key, vocabulary)}};
    case ValueKind::severities: return severities_schema(vocabulary);
    case ValueKind::names:
        return {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}};
    }
    return {};
}

Json table_schema(const SettingTable& table, const Vocabulary& vocabulary) {
    Json properties = Json::object();
    Json required = Json::array();
    for (const SettingKey& key : config::setting_keys()) {
        if (key.table != table.name) continue;
        Json value = value_schema(key, vocabulary);
        if (key.name.empty()) {
            value["description"] = table.description;
            return value;
        }
        value["description"] = key.description;
        properties[std::string(key.name)] = std::move(value);
        if (key.required) required.push_back(key.name);
    }
    Json one = {{"type", "object"}, {"additionalProperties", false}, {"properties", properties}};
    if (!required.empty()) one["required"] = std::move(required);
    if (table.several) one = {{"type", "array"}, {"items", std::move(one)}};
    one["description"] = table.description;
    return one;
}

} // namespace

std::string settings_schema(const Vocabulary& vocabulary) {
    Json properties = Json::object();
    for (const SettingKey& key : config::setting_keys()) {
        if (!key.table.empty()) continue;
        Json& value = properties[std::string(key.name)] = value_schema(key, vocabulary);
        value["description"] = key.description;
    }
    for (const SettingTable& table : config::setting_tables())
        properties[std::string(table.name)] = table_schema(table, vocabulary);
    return serialized({{"$schema", "http://json-schema.org/draft-07/schema#"},
                       {"title", "ordain.toml"},
                       {"type", "object"},
                       {"additionalProperties", false},
                       {"properties", std::move(properties)}});
}

} // namespace ordain::report
