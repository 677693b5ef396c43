#include "CEmbedded.h"
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char core_file[] = {
#embed "../../grok-patterns/core"
};
static const unsigned char httpd_file[] = {
#embed "../../grok-patterns/httpd"
};
static const unsigned char nginx_file[] = {
#embed "../../grok-patterns/nginx"
};
static const unsigned char syslog_file[] = {
#embed "../../grok-patterns/syslog"
};
static const unsigned char time_file[] = {
#embed "../../grok-patterns/time"
};

const struct wplog_embedded_file wplog_patterns[] = {
    {"core", core_file, sizeof core_file},
    {"httpd", httpd_file, sizeof httpd_file},
    {"nginx", nginx_file, sizeof nginx_file},
    {"syslog", syslog_file, sizeof syslog_file},
    {"time", time_file, sizeof time_file},
};
const size_t wplog_patterns_count = sizeof wplog_patterns / sizeof wplog_patterns[0];
