#include "proof/definition.hpp"

#include "catalog/resolve.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>
#include <vector>

namespace ordain::proof {
namespace {

using catalog::quote_identifier;
using Kind = ConstraintDefinition::Kind;

std::string upper(std::string_view text) {
    std::string made(text);
    std::ranges::transform(made, made.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return made;
}

std::string literal(std::string_view value) {
    std::string text = "'";
    for (const char c : value)
        text += c == '\'' ? std::string("''") : std::string(1, c);
    return text + "'";
}

/// Clauses with a space between; empty ones leave none.
class Clauses {
public:
    Clauses& add(std::string_view clause) {
        if (clause.empty()) return *this;
        if (!text_.empty()) text_ += ' ';
        text_ += clause;
        return *this;
    }
    Clauses& add_if(bool wanted, std::string_view clause) { return wanted ? add(clause) : *this; }
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    std::string text_;
};

/// "key=value" lines as clauses: KEY value.
std::string option_clauses(const std::vector<std::string>& lines) {
    Clauses clauses;
    for (const std::string& line : lines) {
        const std::size_t equals = line.find('=');
        clauses.add(upper(line.substr(0, equals)));
        if (equals != std::string::npos) clauses.add(line.substr(equals + 1));
    }
    return clauses.take();
}

std::string with_options(const std::vector<std::string>& lines) {
    return lines.empty() ? std::string() : fmt::format("WITH ({})", fmt::join(lines, ", "));
}

class Printer {
public:
    explicit Printer(const Catalog& catalog)
        : catalog_(catalog),
          resolver_(catalog, path_, catalog::World::closed) {}

    [[nodiscard]] std::string print(const Object& object) const {
        return std::visit([&](const auto& details) { return define(object, details); },
                          object.details);
    }

private:
    /// A column's bare name, or the whole name of anything else.
    [[nodiscard]] std::string name(ObjectId id) const {
        const Object* object = catalog_.find(id);
        const bool column = object != nullptr && object->kind == ObjectKind::column;
        return column ? quote_identifier(object->name) : catalog::qualified_name(catalog_, id);
    }
    [[nodiscard]] std::string names(const std::vector<ObjectId>& ids) const {
        std::vector<std::string> all;
        std::ranges::transform(ids, std::back_inserter(all),
                               [this](ObjectId id) { return name(id); });
        return fmt::format("({})", fmt::join(all, ", "));
    }
    [[nodiscard]] std::string text(const BoundText& bound) const {
        return catalog::render(catalog_, bound);
    }
    [[nodiscard]] std::string type(TypeRef type) const { return format_type(resolver_, type); }
    /// WORD (expression), or nothing without one.
    [[nodiscard]] std::string clause(std::string_view word, const BoundText& bound) const {
        return bound.empty() ? std::string() : fmt::format("{} ({})", word, text(bound));
    }

    static std::string define(const Object& /*object*/, const SchemaDetails& /*nothing*/) {
        return "SCHEMA";
    }
    [[nodiscard]] std::string define(const Object& object, const RelationDetails& details) const {
        const std::string definition = text(details.definition);
        return Clauses()
            .add_if(details.persistence == Persistence::unlogged, "UNLOGGED")
            .add_if(details.persistence == Persistence::temporary, "TEMPORARY")
            .add(upper(name_of(object.kind)))
            .add_if(!details.is_partition && !details.parents.empty(),
                    "INHERITS " + names(details.parents))
            .add_if(details.is_partition, "PARTITION OF " + names(details.parents))
            .add(details.partition_bound)
            .add_if(!details.partition_key.empty(), "PARTITION BY " + details.partition_key)
            .add(with_options(details.options))
            .add_if(details.row_security, "ENABLE ROW LEVEL SECURITY")
            .add_if(details.force_row_security, "FORCE ROW LEVEL SECURITY")
            .add_if(!definition.empty(), "AS " + definition)
            .take();
    }
    [[nodiscard]] std::string define(const Object& /*object*/, const ColumnDetails& details) const {
        const std::string value = text(details.default_);
        const bool generated = details.generated != '\0';
        return Clauses()
            .add(type(details.type))
            .add_if(!details.collation.empty(), "COLLATE " + details.collation)
            .add_if(generated, fmt::format("GENERATED ALWAYS AS ({}) STORED", value))
            .add_if(details.has_default && !generated, "DEFAULT " + value)
            .add_if(details.identity == 'a', "GENERATED ALWAYS AS IDENTITY")
            .add_if(details.identity == 'd', "GENERATED BY DEFAULT AS IDENTITY")
            .add_if(details.not_null, "NOT NULL")
            .add(fmt::format("{}", fmt::join(details.properties, " ")))
            .take();
    }
    [[nodiscard]] static std::string_view word_of(Kind kind) {
        switch (kind) {
        case Kind::check: return "CHECK";
        case Kind::primary_key: return "PRIMARY KEY";
        case Kind::unique: return "UNIQUE";
        case Kind::exclusion: return "EXCLUDE";
        case Kind::foreign_key: return "FOREIGN KEY";
        case Kind::null:
        case Kind::not_null:
        case Kind::default_:
        case Kind::identity:
        case Kind::generated: break;
        }
        return {};
    }
    [[nodiscard]] std::string references(const ConstraintDetails& details) const {
        if (details.referenced == no_object) return {};
        const auto action = [](std::string_view event, ReferentialAction done) {
            return done == ReferentialAction::no_action
                       ? std::string()
                       : fmt::format("ON {} {}", event, upper(name_of(done)));
        };
        return Clauses()
            .add("REFERENCES")
            .add(name(details.referenced) + names(details.referenced_columns))
            .add_if(details.match_full, "MATCH FULL")
            .add(action("UPDATE", details.on_update))
            .add(action("DELETE", details.on_delete))
            .take();
    }
    [[nodiscard]] std::string define(const Object& /*object*/,
                                     const ConstraintDetails& details) const {
        const bool check = details.kind == Kind::check;
        return Clauses()
            .add(word_of(details.kind))
            .add(check ? fmt::format("({})", text(details.expression)) : names(details.columns))
            .add_if(!details.including.empty(), "INCLUDE " + names(details.including))
            .add(references(details))
            .add_if(details.deferrable, "DEFERRABLE")
            .add_if(details.initially_deferred, "INITIALLY DEFERRED")
            .add_if(details.no_inherit, "NO INHERIT")
            .add_if(!details.validated, "NOT VALID")
            .take();
    }
    [[nodiscard]] std::string element(const IndexDetails::Element& element) const {
        const bool column = element.column != no_object;
        // Nulls are the largest: DESC puts them first unless told otherwise.
        const bool usual = element.nulls_first == element.descending;
        return Clauses()
            .add(column ? name(element.column) : fmt::format("({})", text(element.expression)))
            .add_if(!element.collation.empty(), "COLLATE " + element.collation)
            .add(element.operator_class)
            .add_if(element.descending, "DESC")
            .add_if(!usual, element.nulls_first ? "NULLS FIRST" : "NULLS LAST")
            .take();
    }
    [[nodiscard]] std::string define(const Object& object, const IndexDetails& details) const {
        std::vector<std::string> elements;
        std::ranges::transform(details.elements, std::back_inserter(elements),
                               [this](const auto& each) { return element(each); });
        return Clauses()
            .add(details.primary  ? "PRIMARY KEY INDEX"
                 : details.unique ? "UNIQUE INDEX"
                                  : "INDEX")
            .add(fmt::format("ON {} USING {} ({})", name(object.parent), details.method,
                             fmt::join(elements, ", ")))
            .add_if(!details.including.empty(), "INCLUDE " + names(details.including))
            .add_if(details.nulls_not_distinct, "NULLS NOT DISTINCT")
            .add(with_options(details.options))
            .add(clause("WHERE", details.predicate))
            .add_if(!details.valid, "INVALID")
            .take();
    }
    [[nodiscard]] std::string define(const Object& /*object*/,
                                     const SequenceDetails& details) const {
        const Object* owner = catalog_.find(details.owned_by);
        return Clauses()
            .add("SEQUENCE")
            .add(option_clauses(details.options))
            .add_if(owner != nullptr,
                    owner == nullptr
                        ? std::string()
                        : fmt::format("OWNED BY {}.{}", name(owner->parent), name(owner->id)))
            .take();
    }
    [[nodiscard]] std::string parameters(const FunctionDetails& details) const {
        std::vector<std::string> all;
        const std::size_t bare = details.arguments.size() - details.default_values.size();
        for (std::size_t index = 0; index < details.arguments.size(); ++index) {
            const bool last = index + 1 == details.arguments.size();
            const bool filled = index >= bare;
            all.push_back(
                Clauses()
                    .add_if(last && details.variadic, "VARIADIC")
                    .add(quote_identifier(details.argument_names[index]))
                    .add(format_type_name(resolver_, details.arguments[index]))
                    .add_if(filled, filled ? "DEFAULT " + text(details.default_values[index - bare])
                                           : std::string())
                    .take());
        }
        for (std::size_t index = 0; index < details.output_types.size(); ++index) {
            all.push_back(Clauses()
                              .add("OUT")
                              .add(quote_identifier(details.output_names[index]))
                              .add(format_type_name(resolver_, details.output_types[index]))
                              .take());
        }
        return fmt::format("({})", fmt::join(all, ", "));
    }
    [[nodiscard]] std::string define(const Object& object, const FunctionDetails& details) const {
        const std::string_view volatility = details.volatility == 'i'   ? "IMMUTABLE"
                                            : details.volatility == 's' ? "STABLE"
                                                                        : "";
        const std::string atomic = text(details.atomic_body);
        return Clauses()
            .add(upper(name_of(object.kind)) + parameters(details))
            .add_if(!details.result_name.empty(), details.returns_set ? "RETURNS SETOF" : "RETURNS")
            .add(details.result_name)
            .add("LANGUAGE " + details.language)
            .add(volatility)
            .add_if(details.strict, "STRICT")
            .add_if(details.security_definer, "SECURITY DEFINER")
            .add(option_clauses(details.options))
            .add(atomic.empty() ? "AS " + literal(details.body) : "BEGIN ATOMIC " + atomic + " END")
            .take();
    }
    [[nodiscard]] std::string define(const Object& object, const TriggerDetails& details) const {
        std::vector<std::string> events;
        std::ranges::transform(details.events, std::back_inserter(events), upper);
        const std::string_view state = details.enabled == 'D'   ? "DISABLED"
                                       : details.enabled == 'R' ? "ENABLED REPLICA"
                                       : details.enabled == 'A' ? "ENABLED ALWAYS"
                                                                : "";
        return Clauses()
            .add_if(details.constraint, "CONSTRAINT")
            .add(fmt::format("TRIGGER {} {}", upper(details.timing), fmt::join(events, " OR ")))
            .add_if(!details.columns.empty(), "OF " + names(details.columns))
            .add("ON " + name(object.parent))
            .add(text(details.definition))
            .add(details.for_each_row ? "FOR EACH ROW" : "FOR EACH STATEMENT")
            .add(clause("WHEN", details.when))
            .add(fmt::format("EXECUTE FUNCTION {}({})", name(details.function),
                             fmt::join(details.arguments, ", ")))
            .add(state)
            .take();
    }
    [[nodiscard]] std::string define(const Object& object, const PolicyDetails& details) const {
        return Clauses()
            .add("POLICY ON " + name(object.parent))
            .add_if(!details.permissive, "AS RESTRICTIVE")
            .add("FOR " + upper(details.command))
            .add_if(!details.roles.empty(), fmt::format("TO {}", fmt::join(details.roles, ", ")))
            .add(clause("USING", details.using_))
            .add(clause("WITH CHECK", details.check))
            .take();
    }
    static std::string define(const Object& /*object*/, const EnumDetails& details) {
        std::vector<std::string> labels;
        std::ranges::transform(details.labels, std::back_inserter(labels), literal);
        return fmt::format("ENUM ({})", fmt::join(labels, ", "));
    }
    [[nodiscard]] std::string define(const Object& /*object*/, const DomainDetails& details) const {
        const std::string value = text(details.default_);
        return Clauses()
            .add("DOMAIN AS " + type(details.base))
            .add_if(!value.empty(), "DEFAULT " + value)
            .add_if(details.not_null, "NOT NULL")
            .take();
    }
    [[nodiscard]] std::string define(const Object& object, const GenericDetails& details) const {
        return Clauses()
            .add(upper(name_of(object.kind)))
            .add(details.definition)
            .add(text(details.bound))
            .take();
    }

    const Catalog& catalog_;
    catalog::SearchPath path_;
    catalog::Resolver resolver_;
};

} // namespace

std::string definition_of(const Catalog& catalog, const Object& object) {
    return Printer(catalog).print(object);
}

} // namespace ordain::proof
