//+------------------------------------------------------------------+
//| LevelTable.mqh                                                   |
//| What each stream holds in each symbol, sorted by symbol and then |
//| magic; who is flat has no row.                                   |
//+------------------------------------------------------------------+
#ifndef CSMC_LEVEL_TABLE_MQH
#define CSMC_LEVEL_TABLE_MQH

#define FEED_NO_STREAM  (-1)

struct SStreamLevel
  {
   string            symbol;
   long              magic;
   long              long_lots;
   long              short_lots;

                     SStreamLevel(void)
     {
      symbol="";
      magic=0;
      long_lots=0;
      short_lots=0;
     }

   long              Net(void) const { return(long_lots-short_lots); }
  };

//--- the level of one stream before and after something was applied
struct SStreamChange
  {
   string            symbol;
   long              magic;
   long              before_long;
   long              before_short;
   long              after_long;
   long              after_short;

                     SStreamChange(void)
     {
      symbol="";
      magic=0;
      before_long=0;
      before_short=0;
      after_long=0;
      after_short=0;
     }
  };

class CLevelTable
  {
private:
   SStreamLevel      m_rows[];
   int               m_total;

public:
                     CLevelTable(void) { m_total=0; }

   void              Clear(void)
     {
      m_total=0;
      ArrayFree(m_rows);
     }

   int               Total(void) const { return(m_total); }

   bool              At(const int index,SStreamLevel &row) const
     {
      if(index<0 || index>=m_total)
         return(false);
      row=m_rows[index];
      return(true);
     }

   bool              IsSame(const CLevelTable &other) const
     {
      if(other.Total()!=m_total)
         return(false);
      SStreamLevel row;
      for(int i=0; i<m_total; i++)
         if(!other.At(i,row) || row.magic!=m_rows[i].magic || row.long_lots!=m_rows[i].long_lots || row.short_lots!=m_rows[i].short_lots || row.symbol!=m_rows[i].symbol)
            return(false);
      return(true);
     }

   //--- the symbol's rows are First(symbol) to First(symbol)+n
   int               First(const string symbol) const
     {
      int low=0;
      int high=m_total;
      while(low<high)
        {
         int middle=low+(high-low)/2;
         if(m_rows[middle].symbol<symbol)
            low=middle+1;
         else
            high=middle;
        }
      return(low);
     }

   void              Get(const string symbol,const long magic,long &long_lots,long &short_lots) const
     {
      int i=PlaceOf(symbol,magic);
      long_lots=0;
      short_lots=0;
      if(!IsAt(i,symbol,magic))
         return;
      long_lots=m_rows[i].long_lots;
      short_lots=m_rows[i].short_lots;
     }

   void              Put(const string symbol,const long magic,const long long_lots,const long short_lots)
     {
      int i=PlaceOf(symbol,magic);
      bool stands=IsAt(i,symbol,magic);
      if(long_lots==0 && short_lots==0)
        {
         if(stands)
            Remove(i);
         return;
        }
      if(!stands && !Insert(i,symbol,magic))
         return;
      m_rows[i].long_lots=long_lots;
      m_rows[i].short_lots=short_lots;
     }

   void              Add(const string symbol,const long magic,const long long_lots,const long short_lots)
     {
      long had_long=0;
      long had_short=0;
      Get(symbol,magic,had_long,had_short);
      Put(symbol,magic,had_long+long_lots,had_short+short_lots);
     }

   //--- netting: one side only
   long              Net(const string symbol,const long magic) const
     {
      long long_lots=0;
      long short_lots=0;
      Get(symbol,magic,long_lots,short_lots);
      return(long_lots-short_lots);
     }

   void              AddNet(const string symbol,const long magic,const long signed_lots)
     {
      PutNet(symbol,magic,Net(symbol,magic)+signed_lots);
     }

   void              PutNet(const string symbol,const long magic,const long net)
     {
      if(net>=0)
         Put(symbol,magic,net,0);
      else
         Put(symbol,magic,0,-net);
     }

   long              NetOf(const string symbol) const
     {
      long sum=0;
      for(int i=First(symbol); i<m_total && m_rows[i].symbol==symbol; i++)
         sum+=m_rows[i].Net();
      return(sum);
     }

private:
   //--- where the row stands or would stand
   int               PlaceOf(const string symbol,const long magic) const
     {
      int i=First(symbol);
      while(i<m_total && m_rows[i].symbol==symbol && m_rows[i].magic<magic)
         i++;
      return(i);
     }

   bool              IsAt(const int index,const string symbol,const long magic) const
     {
      return(index>=0 && index<m_total && m_rows[index].magic==magic && m_rows[index].symbol==symbol);
     }

   bool              Insert(const int index,const string symbol,const long magic)
     {
      if(m_total>=ArraySize(m_rows) && ArrayResize(m_rows,m_total+16,64)<m_total+16)
         return(false);
      for(int i=m_total; i>index; i--)
         m_rows[i]=m_rows[i-1];
      m_rows[index].symbol=symbol;
      m_rows[index].magic=magic;
      m_rows[index].long_lots=0;
      m_rows[index].short_lots=0;
      m_total++;
      return(true);
     }

   void              Remove(const int index)
     {
      m_total--;
      for(int i=index; i<m_total; i++)
         m_rows[i]=m_rows[i+1];
     }
  };

#endif
