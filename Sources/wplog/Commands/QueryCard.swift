/// `wplog help query`: the language on one page.
///
/// Lines that begin with two blanks are examples up to the next two blanks; a test has each of them read.
enum QueryCard {
    static let text = """
        wplog search 'QUERY'; wplog explain --query 'QUERY' says how it is read.

        WORDS, in any case
          timeout                        the word; not timeouts
          upstream timed out             all three, in any order
          "upstream timed out"           this phrase
          timeout*                       words that begin so; *out and t?me read more
          /OOM.*kill/i                   a regular expression; i: in any case

        FIELDS: wplog fields lists them, wplog values FIELD what they hold
          host:docs                      is this; for a host also docs.example.org
          host:=docs                     is this, byte for byte
          host:docs,wiki                 is one of them
          path:/wiki/                    path, message, agent, referrer: holds this
          path:~"^/wiki/(A|B)"           matches a regular expression
          status:5xx                     500 to 599
          status:>=500                   also > < <=, and: status >= 500
          status:[500 TO 504]            both ends count; {499 TO 505}; 500..504
          request_time:>500ms            ns us ms s m h d w
          bytes:>1MiB                    B kB MB GB TB, KiB MiB GiB TiB
          level:>=warning                this bad or worse: debug info notice
                                         warning err crit alert emerg
          client_ip:10.0.0.0/8           an address of the network; 2001:db8::/32
          user:*                         has the field
          missing:user                   has it not

        TOGETHER: NOT binds before AND, AND before OR; side by side is AND
          error -timeout                 not timeout; also NOT timeout
          error NOT (nginx OR "cron job")
          a OR b c                       a, or both b and c

        TIME: --since and --until, else here, else the last 24 hours
          time:2026-11-21                that day; 2026-11, 2026, today, monday, 15m
          time:[2h TO 1h]                from two hours ago to one hour ago
          received:>=15m                 came in the last 15 minutes
          time:>now                      ahead of now, where windows end by themselves

        STAGES: each works on what the one before gives
          status:404 | top 10 path
          level:err | count by host, program
          * | stats count, p95(request_time) by vhost | sort -p95(request_time)
          status:5xx | histogram 5m by host
          parse:failed | patterns | head 20
          level:err | diff 1d            forms of messages, now and a day before
          "session opened" | extract "user <user>(" | count by user
          status:500 | fields time, host, path
          timeout | context before 3 after 3     of its host, or its request
        More: rare uniq dc timechart rate where head tail dedup
        Functions: count dc sum avg min max p50 p90 p95 p99 first last rate

        NAMES: @slow is the saved search slow; elsewhere's field names are known
          response:500 clientip:10.1.2.3
        """
}
