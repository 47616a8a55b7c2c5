#pragma once

#include "catalog/builtin.hpp"

#include <ordain/catalog.hpp>
#include <string>
#include <vector>

namespace ordain::catalog {

/// What a lookup by name found, in three values.
struct Lookup {
    enum class State {
        present,
        absent,
        maybe, ///< A statement that was not read or not modelled may have made or removed it.
    };
    State state = State::absent;
    ObjectId id{};                  ///< Set when present, and when maybe and it was seen at all.
    const Object* object = nullptr; ///< Null for what the server ships.
    std::string reason;             ///< Of maybe.
    /// Maybe only because the world is open: it is taken to exist.
    bool assumed = false;

    [[nodiscard]] bool present() const { return state == State::present; }
    [[nodiscard]] bool absent() const { return state == State::absent; }
};

/// search_path as set: names with "$user" kept, before any lookup (manual 5.9.3).
struct SearchPath {
    std::vector<std::string> schemas = {"$user", "public"};
    std::string user = "postgres";
    std::string doubt; ///< Why it may be another one by now.

    void set(std::vector<std::string> names) {
        schemas = std::move(names);
        doubt.clear();
    }
};

/// Whether an unknown schema object is an error that a server would raise.
enum class World {
    closed, ///< The history is complete.
    open,   ///< It starts midway: what it does not create is assumed to exist.
};

/// Looks names up as namespace.c does: search_path with pg_temp and pg_catalog first.
class Resolver {
public:
    Resolver(const Catalog& catalog, const SearchPath& path, World world)
        : catalog_(catalog),
          path_(path),
          world_(world) {}

    [[nodiscard]] const Catalog& catalog() const { return catalog_; }
    [[nodiscard]] World world() const { return world_; }

    /// Existing schemas in which unqualified names are looked up, pg_catalog included.
    [[nodiscard]] std::vector<ObjectId> lookup_schemas() const;
    /// Where CREATE puts an unqualified name: the first schema of the path that exists.
    [[nodiscard]] Lookup creation_schema() const;
    [[nodiscard]] Lookup schema(std::string_view name) const;
    /// Tables, views, sequences, indexes, composite types: all of pg_class.
    [[nodiscard]] Lookup relation(const QualifiedName& name) const;
    /// Enums, domains, ranges, composite types, row types, builtin types. Arrays ("_int4") resolve
    /// to their element with is_array set.
    [[nodiscard]] Lookup type(const QualifiedName& name) const;
    /// User functions and procedures of this name that the path shows, nearest schema first.
    /// Builtin ones and members of extensions are looked up in catalog/builtin.hpp.
    [[nodiscard]] std::vector<const Object*> functions(const QualifiedName& name) const;
    /// Why a name that was not seen may have been given by now; empty when it cannot.
    [[nodiscard]] std::string creation_doubt(NameSpace space, std::string_view name) const;
    /// Why a function that is not found may exist all the same; empty when it cannot.
    [[nodiscard]] std::string function_doubt(const QualifiedName& name) const;
    /// Known extensions that are installed where the name is looked up (any, for a bare name).
    [[nodiscard]] std::vector<const BuiltinExtension*>
    visible_extensions(std::string_view schema) const;
    /// Whether an installed extension's members are not known to us: then nothing is absent.
    [[nodiscard]] std::string unknown_extension() const;
    /// Of a relation; system columns (ctid, xmin, tableoid ...) are present without an object.
    [[nodiscard]] Lookup column(ObjectId relation, std::string_view name) const;
    /// A part of a relation: constraint, trigger, policy, rule.
    [[nodiscard]] Lookup part(NameSpace space, ObjectId relation, std::string_view name) const;
    /// What belongs to no schema: extension, role, publication, event trigger.
    [[nodiscard]] Lookup global(NameSpace space, std::string_view name) const;
    /// Anything else that has a schema: statistics and kinds of NameSpace::other.
    [[nodiscard]] Lookup in_schema(NameSpace space, const QualifiedName& name) const;

    /// In one schema, whatever the path.
    [[nodiscard]] Lookup
    in_container(NameSpace space, ObjectId schema, std::string_view name) const {
        return named(space, schema, name);
    }

    /// "users" when the path shows it first, else "app.users"; quoted as quote_ident does.
    [[nodiscard]] std::string visible_name(const Object& object) const;

private:
    [[nodiscard]] Lookup named(NameSpace space, ObjectId container, std::string_view name) const;
    /// Whether what is not found under a name is taken to exist: the world is open, or a schema in
    /// which it is looked up.
    [[nodiscard]] bool takes_to_exist(const QualifiedName& name) const;
    /// What a part of a relation is that was not found: absent, unless its parts are not known.
    [[nodiscard]] Lookup unseen_part(const Object& owner, std::string_view what) const;
    [[nodiscard]] Lookup extension_member_type(const QualifiedName& name) const;

    const Catalog& catalog_;
    const SearchPath& path_;
    World world_;
};

/// As format_type prints it: "character varying(20)", "timestamp with time zone", "app.mood[]".
/// Types outside `path` are schema-qualified. "???" when not known.
[[nodiscard]] std::string format_type(const Resolver& resolver, TypeRef type);
/// As format_type_be prints it, where a type stands without a modifier: in signatures and messages.
[[nodiscard]] std::string format_type_name(const Resolver& resolver, TypeRef type);

/// "public.users" always qualified; the bare name for what has no schema.
[[nodiscard]] std::string qualified_name(const Catalog& catalog, ObjectId id);

/// quote_ident: quoted only where the server would quote.
[[nodiscard]] std::string quote_identifier(std::string_view name);

/// A bound text with the names that its objects have now, schema-qualified; columns bare.
[[nodiscard]] std::string render(const Catalog& catalog, const BoundText& text);

} // namespace ordain::catalog
