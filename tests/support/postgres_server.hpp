#pragma once

#include <memory>
#include <optional>
#include <ordain/result.hpp>
#include <string>
#include <vector>

struct pg_conn; // libpq's PGconn.

namespace ordain::test {

/// What the server answered to one string of SQL.
struct Answer {
    /// Five characters as in PostgreSQL's appendix A; "00000" when the statements succeeded.
    std::string sqlstate = "00000";
    std::string message;                                       ///< The error's primary message.
    std::vector<std::vector<std::optional<std::string>>> rows; ///< As text; NULL is nullopt.

    [[nodiscard]] bool ok() const { return sqlstate == "00000"; }
};

/// A connection: search_path, settings and an open transaction live as long as it does.
class Session {
public:
    /// Sends `sql` as one simple query: several statements are one implicit transaction block. The
    /// rows are those of the last statement.
    [[nodiscard]] Answer run(const std::string& sql);

private:
    friend class PostgresServer;
    struct Close {
        void operator()(pg_conn* connection) const;
    };
    explicit Session(pg_conn* connection) : connection_(connection) {}

    std::unique_ptr<pg_conn, Close> connection_;
};

/// A throwaway PostgreSQL server on a Unix socket in a temporary folder, which goes with it. As
/// root, the server runs as the user postgres, since it refuses to run as root. Its superuser is
/// "postgres"; nothing that it writes is synced to disk.
class PostgresServer {
public:
    [[nodiscard]] static Result<PostgresServer> start();

    PostgresServer(PostgresServer&& other) noexcept;
    PostgresServer& operator=(PostgresServer&&) = delete;
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;
    ~PostgresServer();

    /// Connects as postgres.
    [[nodiscard]] Result<Session> connect(const std::string& database) const;
    /// Runs `sql` on a connection of its own. A failed connection answers with class 08.
    [[nodiscard]] Answer run(const std::string& sql,
                             const std::string& database = "postgres") const;
    /// The name of an empty database that nobody else uses: the last one where nothing but its
    /// schema public was used, else a new one. The last four are kept.
    [[nodiscard]] std::string empty_database();

private:
    explicit PostgresServer(std::string folder) : folder_(std::move(folder)) {}
    [[nodiscard]] Result<void> launch();
    [[nodiscard]] Result<void> wait_until_ready() const;
    [[nodiscard]] std::string create_database();
    /// Makes the schema public anew; what is left in the database then, as a text to compare.
    [[nodiscard]] std::string cleaned(const std::string& database) const;

    std::string folder_; ///< Data, socket and log; empty when moved from.
    int process_ = -1;
    int databases_ = 0;
    std::string last_;     ///< The last database that was made.
    std::string pristine_; ///< What cleaned() says of one that was not used.
};

/// The one server of this test program: started before the first test, stopped after the last.
[[nodiscard]] PostgresServer& server();

} // namespace ordain::test
