using System.Data.Common;
using Dapper;

namespace CSMultiConnector.Storage.Sql;

/// <summary>One transaction on one connection, for as long as the work given to <see cref="SqlDatabase"/> runs.</summary>
internal sealed class SqlSession(DbConnection connection, DbTransaction transaction, CancellationToken cancellation)
{
    public Task<int> ExecuteAsync(string sql, object? parameters = null) => connection.ExecuteAsync(Command(sql, parameters));

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) =>
        (await connection.QueryAsync<T>(Command(sql, parameters))).AsList();

    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? parameters = null) =>
        connection.QueryFirstOrDefaultAsync<T>(Command(sql, parameters));

    public async Task<bool> ExistsAsync(string sql, object parameters) =>
        await connection.QueryFirstOrDefaultAsync<long?>(Command(sql, parameters)) is not null;

    private CommandDefinition Command(string sql, object? parameters) =>
        new(sql, parameters, transaction, cancellationToken: cancellation);
}
