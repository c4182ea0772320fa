//+------------------------------------------------------------------+
//| KeyOrder.mqh                                                     |
//| The order of elements by two keys, as indices: elements with     |
//| texts in them are not moved about. Heap sort: no bad case.       |
//+------------------------------------------------------------------+
#ifndef CSMC_KEY_ORDER_MQH
#define CSMC_KEY_ORDER_MQH

class CKeyOrder
  {
public:
   //--- false: no memory
   static bool       Sort(const long &first[],const long &second[],const int count,int &order[])
     {
      if(count>ArraySize(first) || count>ArraySize(second))
         return(false);
      if(count<=0)
        {
         ArrayFree(order);
         return(true);
        }
      if(ArrayResize(order,count)!=count)
         return(false);
      bool sorted=true;
      for(int i=0; i<count; i++)
        {
         order[i]=i;
         if(i>0 && IsLess(first,second,i,i-1))
            sorted=false;
        }
      if(sorted)
         return(true);
      for(int i=count/2-1; i>=0; i--)
         Sink(first,second,order,i,count);
      for(int last=count-1; last>0; last--)
        {
         int largest=order[0];
         order[0]=order[last];
         order[last]=largest;
         Sink(first,second,order,0,last);
        }
      return(true);
     }

private:
   static bool       IsLess(const long &first[],const long &second[],const int a,const int b)
     {
      if(first[a]!=first[b])
         return(first[a]<first[b]);
      return(second[a]<second[b]);
     }

   static void       Sink(const long &first[],const long &second[],int &order[],const int start,const int count)
     {
      int at=start;
      while(at<count/2)
        {
         int child=2*at+1;
         if(child+1<count && IsLess(first,second,order[child],order[child+1]))
            child++;
         if(!IsLess(first,second,order[at],order[child]))
            return;
         int moved=order[at];
         order[at]=order[child];
         order[child]=moved;
         at=child;
        }
     }
  };

#endif
