// The trading side of the terminal, written in Terminal/.
#pragma once
#include "../Language/Array.h"
#include "Structs.h"

int PositionsTotal();
ulong PositionGetTicket(int index);
string PositionGetSymbol(int index);
bool PositionSelect(string symbol);
bool PositionSelectByTicket(ulong ticket);
long PositionGetInteger(ENUM_POSITION_PROPERTY_INTEGER property);
bool PositionGetInteger(ENUM_POSITION_PROPERTY_INTEGER property, long &value);
double PositionGetDouble(ENUM_POSITION_PROPERTY_DOUBLE property);
bool PositionGetDouble(ENUM_POSITION_PROPERTY_DOUBLE property, double &value);
string PositionGetString(ENUM_POSITION_PROPERTY_STRING property);
bool PositionGetString(ENUM_POSITION_PROPERTY_STRING property, string &value);

int OrdersTotal();
ulong OrderGetTicket(int index);
bool OrderSelect(ulong ticket);
long OrderGetInteger(ENUM_ORDER_PROPERTY_INTEGER property);
double OrderGetDouble(ENUM_ORDER_PROPERTY_DOUBLE property);
string OrderGetString(ENUM_ORDER_PROPERTY_STRING property);

bool HistorySelect(datetime from, datetime to);
bool HistorySelectByPosition(long position);
bool HistoryDealSelect(ulong ticket);
bool HistoryOrderSelect(ulong ticket);
int HistoryDealsTotal();
ulong HistoryDealGetTicket(int index);
long HistoryDealGetInteger(ulong ticket, ENUM_DEAL_PROPERTY_INTEGER property);
bool HistoryDealGetInteger(ulong ticket, ENUM_DEAL_PROPERTY_INTEGER property, long &value);
double HistoryDealGetDouble(ulong ticket, ENUM_DEAL_PROPERTY_DOUBLE property);
bool HistoryDealGetDouble(ulong ticket, ENUM_DEAL_PROPERTY_DOUBLE property, double &value);
string HistoryDealGetString(ulong ticket, ENUM_DEAL_PROPERTY_STRING property);
bool HistoryDealGetString(ulong ticket, ENUM_DEAL_PROPERTY_STRING property, string &value);
int HistoryOrdersTotal();
ulong HistoryOrderGetTicket(int index);
long HistoryOrderGetInteger(ulong ticket, ENUM_ORDER_PROPERTY_INTEGER property);
bool HistoryOrderGetInteger(ulong ticket, ENUM_ORDER_PROPERTY_INTEGER property, long &value);
double HistoryOrderGetDouble(ulong ticket, ENUM_ORDER_PROPERTY_DOUBLE property);
string HistoryOrderGetString(ulong ticket, ENUM_ORDER_PROPERTY_STRING property);

long AccountInfoInteger(ENUM_ACCOUNT_INFO_INTEGER property);
double AccountInfoDouble(ENUM_ACCOUNT_INFO_DOUBLE property);
string AccountInfoString(ENUM_ACCOUNT_INFO_STRING property);

int SymbolsTotal(bool selected);
string SymbolName(int index, bool selected);
bool SymbolExist(string name, bool &custom);
bool SymbolSelect(string name, bool select);
long SymbolInfoInteger(string name, ENUM_SYMBOL_INFO_INTEGER property);
bool SymbolInfoInteger(string name, ENUM_SYMBOL_INFO_INTEGER property, long &value);
double SymbolInfoDouble(string name, ENUM_SYMBOL_INFO_DOUBLE property);
bool SymbolInfoDouble(string name, ENUM_SYMBOL_INFO_DOUBLE property, double &value);
string SymbolInfoString(string name, ENUM_SYMBOL_INFO_STRING property);
bool SymbolInfoString(string name, ENUM_SYMBOL_INFO_STRING property, string &value);
bool SymbolInfoTick(string name, MqlTick &tick);

/// Server time of the last quote seen: stands still without quotes.
datetime TimeCurrent();
/// The terminal's estimate of the server's time, from its own clock.
datetime TimeTradeServer();
