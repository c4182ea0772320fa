//+------------------------------------------------------------------+
//| SymbolBook.mqh                                                   |
//| What the terminal says about symbols, and what this session has  |
//| already said to the host: each is described before its first     |
//| line, and again when its facts change.                           |
//+------------------------------------------------------------------+
#ifndef CSMC_SYMBOL_BOOK_MQH
#define CSMC_SYMBOL_BOOK_MQH

#include "Session.mqh"

struct SSymbolText
  {
   string            name;
   string            fields;
  };

class CSymbolBook
  {
private:
   SSymbolText       m_said[];
   int               m_total;

public:
                     CSymbolBook(void) { m_total=0; }

   //--- a new session: nothing is described
   void              Clear(void)
     {
      ArrayFree(m_said);
      m_total=0;
     }

   int               Total(void) const { return(m_total); }

   string            NameAt(const int index) const
     {
      if(index<0 || index>=m_total)
         return("");
      return(m_said[index].name);
     }

   bool              IsDescribed(const string name) const { return(Find(name)>=0); }

   //--- true: the fields of a line that has to be sent
   bool              IsNews(const string name,const string fields) const
     {
      int i=Find(name);
      return(i<0 || m_said[i].fields!=fields);
     }

   void              SetSaid(const string name,const string fields)
     {
      int i=Find(name);
      if(i<0)
        {
         if(m_total>=ArraySize(m_said) && ArrayResize(m_said,m_total+16,64)<m_total+16)
            return;
         i=m_total;
         m_said[i].name=name;
         m_total++;
        }
      m_said[i].fields=fields;
     }

   //--- describes it to the host; false: not now
   bool              Say(CSession &session,const string name,const string fields)
     {
      CJsonWriter writer;
      session.BeginLine(writer,"symbol");
      writer.Fields(fields);
      if(!session.EndLine(writer,true))
         return(false);
      SetSaid(name,fields);
      return(true);
     }

   //--- the keys of a symbol line; false: the terminal does not know them (yet)
   static bool       Facts(const string name,string &fields)
     {
      double contract=0.0;
      double least=0.0;
      double step=0.0;
      long digits=0;
      long mode=0;
      string base="";
      string profit="";
      string margin="";
      string path="";
      string description="";
      long selected=0;
      if(!SymbolInfoInteger(name,SYMBOL_SELECT,selected) || selected==0)
         SymbolSelect(name,true);
      if(!SymbolInfoDouble(name,SYMBOL_TRADE_CONTRACT_SIZE,contract)
         || !SymbolInfoDouble(name,SYMBOL_VOLUME_MIN,least)
         || !SymbolInfoDouble(name,SYMBOL_VOLUME_STEP,step)
         || !SymbolInfoInteger(name,SYMBOL_DIGITS,digits)
         || !SymbolInfoInteger(name,SYMBOL_TRADE_CALC_MODE,mode)
         || !SymbolInfoString(name,SYMBOL_CURRENCY_BASE,base)
         || !SymbolInfoString(name,SYMBOL_CURRENCY_PROFIT,profit)
         || !SymbolInfoString(name,SYMBOL_CURRENCY_MARGIN,margin)
         || !SymbolInfoString(name,SYMBOL_PATH,path)
         || !SymbolInfoString(name,SYMBOL_DESCRIPTION,description))
         return(false);
      if(contract<=0.0 || step<=0.0 || least<0.0 || CLots::Amount(contract)=="0" || CLots::Amount(step)=="0" || digits<0 || digits>16)
         return(false);
      CJsonWriter writer;
      writer.Text("name",name,64);
      writer.Amount("contractSize",contract);
      writer.Amount("volumeMin",least);
      writer.Amount("volumeStep",step);
      writer.Text("base",base,32);
      writer.Text("profit",profit,32);
      writer.Text("margin",margin,32);
      writer.Number("digits",digits);
      writer.Text("calcMode",EnumToString((ENUM_SYMBOL_CALC_MODE)mode),64);
      writer.Text("path",path,512);
      writer.Text("description",description,512);
      fields=writer.Unclosed();
      return(true);
     }

private:
   int               Find(const string name) const
     {
      for(int i=0; i<m_total; i++)
         if(m_said[i].name==name)
            return(i);
      return(-1);
     }
  };

#endif
