#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <ordain/action.hpp>
#include <ordain/source.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace ordain {

/// Names an object for good: never reused, unchanged by renames. Below first_user_object it is the
/// oid of something that PostgreSQL ships (catalog/builtin.hpp); 0 is no object.
enum class ObjectId : std::uint32_t {};
inline constexpr ObjectId no_object{};
/// FirstNormalObjectId of access/transam.h.
inline constexpr std::uint32_t first_user_object = 16384;
/// Members of contrib extensions count from here (catalog::first_extension_oid); they are visible
/// once their extension is an object of the catalog.
inline constexpr std::uint32_t first_extension_member = 4'000'000'000;
[[nodiscard]] constexpr bool is_builtin(ObjectId id) {
    const auto number = static_cast<std::uint32_t>(id);
    return number < first_user_object || number >= first_extension_member;
}
/// Namespaces and types that the code names; oids as in pg_namespace.dat and pg_type.dat.
inline constexpr ObjectId pg_catalog_schema{11};
inline constexpr ObjectId pg_toast_schema{99};
/// initdb numbers it anew on every server; this stands for it.
inline constexpr ObjectId information_schema{16383};

/// A type with its modifiers. For a table's row type, `type` is the table.
struct TypeRef {
    ObjectId type{}; ///< The element type when array is set; no_object: not known.
    bool array = false;
    std::int32_t modifier = -1; ///< atttypmod, as the server encodes it.

    [[nodiscard]] bool known() const { return type != no_object; }
    auto operator<=>(const TypeRef&) const = default;
};

/// Where in the plan something happened. Migrations count from 1 in the order of the plan; 0 is
/// before all of them (the server, the platform, an assumption).
struct Origin {
    std::uint32_t migration = 0;
    std::uint32_t statement = 0;
    Span span;

    auto operator<=>(const Origin&) const = default;
};

/// An expression or query after binding: text in which every reference to an object of the catalog
/// is its id, so that renames change what it prints and not what it is.
struct BoundText {
    struct Piece {
        std::string text;
        ObjectId object{}; ///< Printed after text; a column prints its bare name.
        auto operator<=>(const Piece&) const = default;
    };
    std::vector<Piece> pieces;

    [[nodiscard]] bool empty() const { return pieces.empty(); }
    void append(std::string_view text);
    void append(ObjectId object);
    void append(const BoundText& other);
    bool operator==(const BoundText&) const = default;
};

/// pg_depend.deptype, as far as the replay needs it.
enum class DependencyType : std::uint8_t {
    normal,
    automatic,
    internal,
    of_default, ///< Of a column's default (pg_attrdef): CASCADE drops the default, not the column.
};
struct Dependency {
    ObjectId on{};
    DependencyType type = DependencyType::normal;
    auto operator<=>(const Dependency&) const = default;
};

struct SchemaDetails {
    bool operator==(const SchemaDetails&) const = default;
};
/// A table, partitioned or foreign table, view, materialized view or composite type.
struct RelationDetails {
    /// What is known of a table's rows on the fresh state.
    enum class Rows : std::uint8_t { none, unknown };
    Persistence persistence = Persistence::permanent;
    bool row_security = false;
    bool force_row_security = false;
    bool is_partition = false;
    bool populated = true;        ///< Of a materialized view.
    bool drops_on_commit = false; ///< A temporary table with ON COMMIT DROP.
    bool invented = false;        ///< Assumed to exist by an open world: its columns are not known.
    Rows rows = Rows::none;
    /// Of a view or materialized view: its query returns no rows while its sources have none.
    bool empty_with_sources = false;
    std::int16_t next_column = 1;
    std::vector<ObjectId> parents;           ///< INHERITS and PARTITION OF.
    ObjectId of_type{};                      ///< Of a typed table: CREATE TABLE ... OF.
    std::string partition_key;               ///< Canonical text: "range (created_at)".
    std::vector<ObjectId> partition_columns; ///< Of the key, in its order; no_object: expression.
    std::vector<ObjectId> partition_expression_columns; ///< Columns in the key's expressions.
    std::string partition_bound;
    std::vector<std::string>
        options;          ///< reloptions "key=value", sorted; replica identity and the like.
    BoundText definition; ///< Of a view.
    bool operator==(const RelationDetails&) const = default;
};
struct ColumnDetails {
    std::int16_t number = 0; ///< attnum.
    TypeRef type;
    bool not_null = false;
    bool has_default = false; ///< DEFAULT, serial; generated columns have it too (pg_attrdef).
    BoundText default_;
    char generated = '\0'; ///< 's' or none.
    char identity = '\0';  ///< 'a', 'd' or none.
    bool inherited = false;
    std::string collation;
    std::vector<std::string> properties; ///< Statistics target, storage ...
    bool operator==(const ColumnDetails&) const = default;
};
struct ConstraintDetails {
    ConstraintDefinition::Kind kind = ConstraintDefinition::Kind::check;
    std::vector<ObjectId> columns; ///< In key order.
    std::vector<ObjectId> including;
    BoundText expression;
    ObjectId referenced{};
    std::vector<ObjectId> referenced_columns;
    ObjectId index{}; ///< The index that carries a primary key, unique or exclusion constraint,
                      ///< or that a foreign key points at.
    ReferentialAction on_delete{};
    ReferentialAction on_update{};
    bool match_full = false;
    bool deferrable = false;
    bool initially_deferred = false;
    bool validated = true;
    bool no_inherit = false;
    bool inherited = false;
    bool operator==(const ConstraintDetails&) const = default;
};
struct IndexDetails {
    struct Element {
        ObjectId column{}; ///< no_object for an expression.
        BoundText expression;
        std::string collation;
        std::string operator_class; ///< Empty: the default one.
        bool descending = false;
        bool nulls_first = false;
        bool operator==(const Element&) const = default;
    };
    bool unique = false;
    bool primary = false;
    bool valid = true;
    bool nulls_not_distinct = false;
    std::string method = "btree";
    std::vector<Element> elements;
    std::vector<ObjectId> including;
    BoundText predicate;
    std::vector<std::string> options;
    bool operator==(const IndexDetails&) const = default;
};
struct SequenceDetails {
    ObjectId owned_by{}; ///< A column.
    std::vector<std::string> options;
    bool operator==(const SequenceDetails&) const = default;
};
struct FunctionDetails {
    std::vector<TypeRef> arguments; ///< Input arguments: with the name they are its identity.
    std::vector<std::string> argument_names; ///< Of the inputs; empty where not named.
    std::vector<std::string> output_names;   ///< OUT, INOUT and TABLE columns.
    std::vector<TypeRef> output_types;
    std::uint32_t defaults = 0;            ///< How many of the last input arguments have one.
    std::vector<BoundText> default_values; ///< Theirs.
    bool variadic = false;
    TypeRef result;          ///< not known with a trigger or record result named in result_name.
    std::string result_name; ///< "trigger", "void", "record" and others by format_type.
    bool returns_set = false;
    std::string language;
    std::string body;
    BoundText atomic_body;
    char volatility = 'v'; ///< provolatile: v, s or i.
    bool security_definer = false;
    bool strict = false;
    std::vector<std::string> options;
    bool operator==(const FunctionDetails&) const = default;
};
struct TriggerDetails {
    ObjectId function{};
    std::vector<std::string> arguments; ///< Quoted, as the function gets them.
    std::string timing;
    std::vector<std::string> events;
    std::vector<ObjectId> columns; ///< Of UPDATE OF, as written.
    bool for_each_row = false;
    bool constraint = false;
    char enabled = 'O';   ///< tgenabled.
    BoundText definition; ///< Between relation and FOR EACH: deferral, transition tables.
    BoundText when;
    bool operator==(const TriggerDetails&) const = default;
};
struct PolicyDetails {
    std::string command;
    bool permissive = true;
    std::vector<std::string> roles;
    BoundText using_;
    BoundText check;
    bool operator==(const PolicyDetails&) const = default;
};
struct EnumDetails {
    std::vector<std::string> labels; ///< In sort order.
    /// Labels added by ALTER TYPE in the open transaction: not usable before commit (55P04).
    std::vector<std::string> uncommitted;
    bool operator==(const EnumDetails&) const = default;
};
struct DomainDetails {
    TypeRef base;
    bool not_null = false;
    BoundText default_;
    char default_volatility = 'i'; ///< As FunctionDetails::volatility; '?' when not known.
    bool operator==(const DomainDetails&) const = default;
};
/// Kinds of which only name and definition matter so far: roles, extensions, rules, ranges,
/// statistics, publications, comments and grants.
struct GenericDetails {
    std::string definition;
    BoundText bound;
    bool operator==(const GenericDetails&) const = default;
};
using ObjectDetails = std::variant<SchemaDetails,
                                   RelationDetails,
                                   ColumnDetails,
                                   ConstraintDetails,
                                   IndexDetails,
                                   SequenceDetails,
                                   FunctionDetails,
                                   TriggerDetails,
                                   PolicyDetails,
                                   EnumDetails,
                                   DomainDetails,
                                   GenericDetails>;

/// One version of one object. Versions are immutable once in a Catalog and live as long as it does.
struct Object {
    ObjectId id{};
    ObjectKind kind = ObjectKind::table;
    ObjectId schema{}; ///< no_object for what lives in no schema of its own (columns, roles ...).
    ObjectId parent{}; ///< Table of a column, constraint, index, trigger, policy or rule; domain of
                       ///< its constraint. Goes with it when that is dropped.
    std::string name;
    std::vector<Dependency> depends; ///< On others than schema and parent.
    Origin created;                  ///< What made it.
    Origin named;   ///< What others depend on when they use the name: see Catalog::name_origin.
    Origin changed; ///< The last change of its definition.
    /// More than one migration would have made it (OR REPLACE, IF NOT EXISTS, a guarded drop before
    /// it): others need no particular one of them for its name.
    bool remade = false;
    std::string unknown; ///< Why its definition is not certain; empty when it is.
    /// Of a schema or relation that was there beforehand: it may hold more than was seen, so that
    /// what is not found in it is taken to exist.
    bool open = false;
    std::uint64_t stamp = 0; ///< Moment of this version, set by Catalog::put; see Taint.
    std::string comment;
    std::vector<std::string>
        grants;        ///< "role=select", "role=select(column)", sorted; "*": may pass it on.
    std::string owner; ///< By OWNER TO; empty: the role that runs the migrations.
    ObjectDetails details;

    template <typename T>
    [[nodiscard]] const T& as() const {
        return std::get<T>(details);
    }
    template <typename T>
    [[nodiscard]] T& as() {
        return std::get<T>(details);
    }
    template <typename T>
    [[nodiscard]] const T* get_if() const {
        return std::get_if<T>(&details);
    }
};

/// The name spaces of pg_catalog: within one, a name is used once in a container.
enum class NameSpace : std::uint8_t {
    schema,
    relation,
    type,
    function,
    column,
    constraint,
    trigger,
    policy,
    rule,
    extension,
    role,
    publication,
    event_trigger,
    statistics,
    other
};
[[nodiscard]] NameSpace name_space_of(ObjectKind kind);

/// What became of a name that was dropped or renamed away.
struct Tombstone {
    ObjectId object{};
    Origin removed;
    Origin named;        ///< Object::named of what bore it.
    bool remade = false; ///< Object::remade of what bore it.
    /// What removed it would have failed without it: not with IF EXISTS, nor by CASCADE.
    bool required = true;
};

/// One that depended on an object and does not any more: what a change of the object needed gone.
struct FormerDependent {
    ObjectId object{};
    DependencyType type{};
    Origin removed; ///< What dropped it, or made it depend on something else.
};

/// What a statement that was not read or not modelled may have done to whatever a word names.
struct Taint {
    std::string reason; ///< "mentioned by a DO block, which is not interpreted (0005.sql:3)".
    std::uint32_t creates = 0; ///< Name spaces in which it may have made it, a bit each.
    std::uint32_t drops = 0;   ///< Name spaces in which it may have removed, renamed or changed it.
    bool writes = false;       ///< It may have changed rows.
    bool alters = false;       ///< It may have altered it, or made something that depends on it.
    Origin by = {};            ///< The first statement that may have made it, else the last.
    std::uint64_t stamp = 0; ///< Set by Catalog::set_taint: older versions of objects are in doubt.
    ObjectId next_object{};  ///< Set by Catalog::set_taint: what is made later has a greater id.

    [[nodiscard]] static constexpr std::uint32_t bit(NameSpace space) {
        return 1U << static_cast<unsigned>(space);
    }
};

/// The catalog at one moment of a replay, and how to go back.
///
/// Every change goes through put() and erase() and is journalled, so that ROLLBACK, savepoints,
/// the second run, rollback proofs and what-if orders all are: mark, change, undo, and the cost is
/// that of the change. What an undo took back can be applied again.
class Catalog {
public:
    Catalog();
    Catalog(const Catalog&) = delete;
    Catalog& operator=(const Catalog&) = delete;
    Catalog(Catalog&&) = default;
    Catalog& operator=(Catalog&&) = default;
    ~Catalog() = default;

    // ---- looking
    /// Null when there is none (any more). Not for builtin ids.
    [[nodiscard]] const Object* find(ObjectId id) const;
    [[nodiscard]] const Object& at(ObjectId id) const { return *find(id); }
    /// The newest version that was ever put, also of what is dropped or taken back: for messages.
    [[nodiscard]] const Object* last_version(ObjectId id) const;
    /// All that bear a name in a container (a schema, a relation, or no_object); several only for
    /// functions, and for constraints asked for by schema (generated names are unique there).
    [[nodiscard]] std::vector<ObjectId>
    named(NameSpace space, ObjectId container, std::string_view name) const;
    [[nodiscard]] const Object*
    find(NameSpace space, ObjectId container, std::string_view name) const;
    /// Columns, constraints, indexes, triggers ... of a relation; ids ascending.
    [[nodiscard]] std::vector<ObjectId> children(ObjectId parent) const;
    /// What lives in a schema and is not a child of something else there; ids ascending.
    [[nodiscard]] std::vector<ObjectId> members(ObjectId schema) const;
    /// Live columns in attnum order.
    [[nodiscard]] std::vector<const Object*> columns(ObjectId relation) const;
    /// Objects whose `depends` name it.
    [[nodiscard]] std::vector<ObjectId> dependents(ObjectId id) const;
    /// Those that were there before the migration that took the dependency away, in the order in
    /// which they went; one that came and went again is there more than once. The members of a
    /// schema depend on it, and a column's default on the column.
    [[nodiscard]] const std::vector<FormerDependent>& former_dependents(ObjectId id) const;
    /// Installed extensions, ids ascending.
    [[nodiscard]] const std::vector<ObjectId>& extensions() const { return extensions_; }
    /// Every object, ids ascending.
    [[nodiscard]] std::vector<const Object*> objects() const;
    /// What removed an object that is gone; zero when that was taken back or never happened.
    [[nodiscard]] Origin removed_by(ObjectId id) const;
    [[nodiscard]] const Tombstone*
    tombstone(NameSpace space, ObjectId container, std::string_view name) const;
    /// The word whose taint holds for every name: of commands that were put together at run time.
    static constexpr std::string_view any_word = {};
    /// Why a word may name something that the replay did not see; null when it cannot.
    [[nodiscard]] const Taint* taint(std::string_view word) const;
    /// Why a version may be gone or renamed by now; empty when it is certainly there.
    [[nodiscard]] std::string_view presence_doubt(const Object& object) const;
    /// Why a version may have been altered by now, or may have got dependents that were not seen.
    [[nodiscard]] std::string_view alteration_doubt(const Object& object) const;
    /// All words that may, in alphabetical order.
    [[nodiscard]] std::vector<std::string_view> tainted_words() const;

    // ---- changing
    /// A fresh id, for an object about to be put.
    [[nodiscard]] ObjectId allocate();
    /// Adds an object or replaces its version. A name that it gives up leaves a tombstone by
    /// object.changed.
    void put(Object object);
    enum class Removal { required, incidental };
    /// Removes one object, not what hangs on it. Leaves a tombstone.
    void erase(ObjectId id, Origin by, Removal removal = Removal::required);
    /// Adds to what the word may mean already.
    void set_taint(std::string_view word, Taint taint);
    /// Sets Object::named and remade of an object whose name, in `container`, `by` is about to use:
    /// a name that was freed within the same migration keeps the origin it had, because others do
    /// not need this migration for the name to exist.
    void set_name_origin(Object& object, ObjectId container, Origin by) const;

    // ---- going back
    enum class Mark : std::size_t {};
    struct Change;
    struct Delta {
        std::vector<Change> changes;
    };
    [[nodiscard]] Mark mark() const;
    /// Takes back everything since the mark and returns it.
    Delta undo(Mark mark);
    /// Applies again what undo returned; the catalog must be as it was when undo returned.
    void redo(const Delta& delta);
    struct Touched {
        ObjectId object{};
        const Object* before = nullptr; ///< At the mark; null when it did not exist.
        const Object* first = nullptr;  ///< After its first change; null when that dropped it.
    };
    /// All objects touched since the mark, ids ascending, each once. Costs as much as the changes.
    [[nodiscard]] std::vector<Touched> touched_since(Mark mark) const;
    /// Every change that was not taken back, in the order in which they happened.
    [[nodiscard]] const std::vector<Change>& journal() const { return journal_; }

private:
    struct Key {
        NameSpace space{};
        ObjectId container{};
        std::string_view name;
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const;
    };
    template <typename Does>
    [[nodiscard]] std::string_view later_taint(const Object& object, const Does& does) const;
    void set_slot(ObjectId id, const Object* version);
    void link(const Object& object);
    void unlink(const Object& object);
    void bury(const Object& object, Origin by, Change& change);
    [[nodiscard]] const Tombstone* grave_in_former_home(NameSpace space,
                                                        ObjectId container,
                                                        std::string_view name,
                                                        Origin by) const;
    void remember_former(const Change& change);
    void forget_former(const Change& change);
    void set_tombstone(const Key& key, const Tombstone* value);
    void unname(const Key& key, ObjectId id);
    [[nodiscard]] static Key key_of(const Object& object);
    /// Constraints are found by the schema of their table as well.
    [[nodiscard]] static Key schema_key(const Object& object);

    std::deque<Object> versions_;
    std::deque<std::string> words_;
    std::deque<Taint> taints_;
    std::deque<Tombstone> tombstones_;
    std::uint64_t stamp_ = 0;
    std::vector<const Object*> slots_;
    std::vector<const Object*> last_versions_;
    std::unordered_map<Key, std::vector<ObjectId>, KeyHash> names_;
    std::unordered_map<ObjectId, std::vector<ObjectId>> children_;
    std::unordered_map<ObjectId, std::vector<ObjectId>> members_;
    std::unordered_map<ObjectId, std::vector<ObjectId>> dependents_;
    std::unordered_map<ObjectId, std::vector<FormerDependent>> former_dependents_;
    std::vector<ObjectId> extensions_;
    std::unordered_map<Key, const Tombstone*, KeyHash> tombstone_of_;
    std::unordered_map<std::string_view, const Taint*> taint_of_;
    std::vector<Change> journal_;
};

/// One journalled step: an object, a tombstone or a taint before and after.
struct Catalog::Change {
    ObjectId object{};
    const Object* object_before = nullptr;
    const Object* object_after = nullptr;
    NameSpace space{};
    ObjectId container{};
    std::string_view name = {}; ///< Of a tombstone, or the tainted word.
    const Tombstone* tombstone_before = nullptr;
    const Tombstone* tombstone_after = nullptr;
    const Taint* taint_before = nullptr;
    const Taint* taint_after = nullptr;
};

} // namespace ordain
