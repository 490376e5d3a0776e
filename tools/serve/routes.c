/* What is served where: see routes.h. openapi.json describes what is for programs, and a test holds the two together. */
#include "routes.h"

const struct route ROUTES[] = {
    { "paper_similar", "GET", "/v1/papers/{id}/similar", answer_similar, ROUTE_QUICK },
    { "paper", "GET", "/v1/papers/{id}", answer_paper, ROUTE_QUICK },
    { "paper_remove", "DELETE", "/v1/papers/{id}", answer_remove, ROUTE_WRITES },
    { "papers_add", "POST", "/v1/papers", answer_add, ROUTE_WRITES },
    { "similar", "POST", "/v1/similar", answer_similar_body, 0 },
    { "batch", "POST", "/v1/similar/batch", answer_batch, ROUTE_MANY },
    { "search", "GET", "/v1/search", answer_search, 0 },
    { "titles", "GET", "/v1/titles", answer_titles, 0 },
    { "digest", "GET", "/v1/digest/{date}", answer_digest, 0 },
    { "feed", "GET", "/feeds/digest.atom", answer_feed, 0 },
    { "map", "GET", "/v1/map", answer_map, 0 },
    { "healthz", "GET", "/healthz", answer_health, ROUTE_QUICK | ROUTE_ALONE },
    { "readyz", "GET", "/readyz", answer_ready, ROUTE_ALONE },
    { "metrics", "GET", "/metrics", answer_metrics, ROUTE_QUICK | ROUTE_ALONE },
    { "openapi", "GET", "/openapi.json", answer_openapi, ROUTE_QUICK | ROUTE_ALONE },
    { "page_day", "GET", "/", answer_day_page, ROUTE_PAGE },
    { "page_paper", "GET", "/papers/{id}", answer_paper_page, ROUTE_PAGE },
    { "page_search", "GET", "/search", answer_search_page, ROUTE_PAGE },
    { "page_map", "GET", "/map", answer_map_page, ROUTE_QUICK | ROUTE_PAGE },
    { "page_mail", "GET", "/mail", answer_mail_page, ROUTE_QUICK | ROUTE_PAGE },
    { "asset", "GET", "/assets/{name}", answer_asset, ROUTE_QUICK | ROUTE_ALONE },
};
const size_t ROUTE_COUNT = sizeof(ROUTES) / sizeof(ROUTES[0]);
