//+------------------------------------------------------------------+
//| Lots.mqh                                                         |
//| Volumes are integers of 1e-8 lots inside the Expert Advisor, so  |
//| that sums are exact; amounts are printed without exponent.       |
//+------------------------------------------------------------------+
#ifndef CSMC_LOTS_MQH
#define CSMC_LOTS_MQH

#define LOTS_UNIT      100000000
#define LOTS_DECIMALS  8
#define AMOUNT_MAX     1.0e15
#define AMOUNT_DIGITS  12

class CLots
  {
public:
   //--- 0.1 lots → 10000000; what is no volume is 0
   static long Of(const double lots)
     {
      if(!MathIsValidNumber(lots) || lots<=0.0 || lots>1.0e10)
         return(0);
      return((long)MathRound(lots*(double)LOTS_UNIT));
     }

   static string Text(const long units)
     {
      long size=units;
      if(size<0)
         size=-size;
      long whole=size/(long)LOTS_UNIT;
      long rest=size%(long)LOTS_UNIT;
      string text=IntegerToString(whole);
      if(units<0)
         text="-"+text;
      if(rest==0)
         return(text);
      return(TrimZeros(text+"."+IntegerToString(rest,LOTS_DECIMALS,'0')));
     }

   //--- any amount, with the digits that the number needs (at most AMOUNT_DIGITS)
   static string Amount(const double value)
     {
      if(!MathIsValidNumber(value) || MathAbs(value)>AMOUNT_MAX || value==0.0)
         return("0");
      string text="";
      for(int digits=0; digits<=AMOUNT_DIGITS; digits++)
        {
         text=DoubleToString(value,digits);
         if(StringToDouble(text)==value)
            return(text);
        }
      text=TrimZeros(text);
      if(text=="-0")
         return("0");
      return(text);
     }

private:
   //--- only for a text with a decimal point
   static string TrimZeros(const string text)
     {
      int length=StringLen(text);
      while(length>0 && StringGetCharacter(text,length-1)=='0')
         length--;
      if(length>0 && StringGetCharacter(text,length-1)=='.')
         length--;
      return(StringSubstr(text,0,length));
     }
  };

#endif
